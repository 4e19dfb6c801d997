from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.shared import open_shared
from tokenalign.shared.address import Address


@pytest.mark.parametrize(
    ("text", "url", "collection"),
    [
        ("qdrant://studio/sounds", "http://studio:6333", "sounds"),
        ("qdrant://10.0.0.7:7000/all_of-it.2/", "http://10.0.0.7:7000", "all_of-it.2"),
        ("qdrants://sounds.example.org:443/a", "https://sounds.example.org:443", "a"),
        ("qdrant://[fd00::1]/a", "http://[fd00::1]:6333", "a"),
    ],
)
def test_an_address_has_a_server_and_a_collection(text: str, url: str, collection: str) -> None:
    address = Address.parse(text)
    assert (address.text, address.url, address.collection) == (text, url, collection)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "studio/sounds",
        "http://studio/sounds",
        "qdrant://studio",
        "qdrant://studio/",
        "qdrant://studio/a/b",
        "qdrant:///sounds",
        "qdrant://studio:many/sounds",
        "qdrant://key@studio/sounds",
        "qdrant://studio/sounds?key=1",
    ],
)
def test_anything_else_is_refused_with_the_form(text: str, tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError) as refused:
        open_shared(text, tmp_path)
    assert "qdrant://HOST[:PORT]/COLLECTION" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("qdrants://studio/a", True),
        ("qdrant://localhost/a", True),
        ("qdrant://127.0.0.1:7000/a", True),
        ("qdrant://studio/a", False),
    ],
)
def test_private_is_what_nobody_on_the_way_can_read(text: str, private: bool) -> None:
    assert Address.parse(text).is_private is private
