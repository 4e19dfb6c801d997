"""Failures on the way to the server; those of the server come from one that this process plays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel
from tokenalign.errors import TokenAlignError
from tokenalign.shared import open_shared


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server that answers everything alike."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"status": "as told"}')

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def refusal(port: int, data_dir: Path) -> TokenAlignError:
    with (
        open_shared(f"qdrant://127.0.0.1:{port}/sounds", data_dir) as library,
        pytest.raises(TokenAlignError) as refused,
    ):
        library.search("band 1", FakeModel())
    return refused.value


def test_no_server_there(tmp_path: Path) -> None:
    with answering(200) as port:
        pass
    error = refusal(port, tmp_path)
    assert error.message.startswith("127.0.0.1: the server of the shared library does not answer")
    assert "run the same command again: nothing is lost" in error.hint


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_key_is_named(tmp_path: Path, status: int) -> None:
    with answering(status) as port:
        error = refusal(port, tmp_path)
    assert "does not let this machine in" in error.message
    assert "QDRANT_API_KEY" in error.hint


def test_what_the_server_says_is_passed_on(tmp_path: Path) -> None:
    with answering(507) as port:
        error = refusal(port, tmp_path)
    assert "507" in error.message
    assert "as told" in error.message


def test_a_key_is_not_sent_for_everybody_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDRANT_API_KEY", "secret")
    with pytest.raises(TokenAlignError, match="without encryption") as refused:
        open_shared("qdrant://studio/sounds", tmp_path)
    assert "qdrants://" in refused.value.hint
    open_shared("qdrants://studio/sounds", tmp_path).close()
