"""What keeps tests, and what they test, off the network."""

from __future__ import annotations

import socket

import pytest


def test_asking_another_machine_is_refused_and_noticed(asked_of_the_network: list[str]) -> None:
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("tokenalign.example", 80), timeout=1.0)
    with socket.socket() as one, pytest.raises(OSError, match="no network"):
        one.connect(("192.0.2.1", 80))
    assert asked_of_the_network == ["tokenalign.example", "('192.0.2.1', 80)"]
    asked_of_the_network.clear()


def test_this_machine_may_be_asked(asked_of_the_network: list[str]) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5.0) as client,
        server.accept()[0] as asking,
    ):
        client.sendall(b"hello")
        assert asking.recv(5) == b"hello"
    assert asked_of_the_network == []
