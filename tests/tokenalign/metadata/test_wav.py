"""bext, iXML and INFO, whole and damaged."""

from __future__ import annotations

import pytest

from tests.tokenalign.metadata.builders import IXML_HEAD, bext, info, ixml
from tokenalign.metadata.wav import (
    INFO_BYTES,
    LATEST_S,
    MOST_ELEMENTS,
    bext_fields,
    info_fields,
    ixml_fields,
)

HEAD_BYTES = 8


def said(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {field: value for field, value in pairs if field and value}


def test_bext() -> None:
    chunk = bext(
        description="Tür knarrt".encode(),
        originator=b"F6 SN1234",
        date=b"2024-05-01",
        time=b"17:03:09",
        reference_samples=48_000 * 3_661 + 24_000,
    )[HEAD_BYTES:]
    assert said(bext_fields(chunk, 48_000)) == {
        "Description": "Tür knarrt",
        "Originator": "F6 SN1234",
        "Date": "2024-05-01",
        "Time": "17:03:09",
        "Timecode": "01:01:01.500",
    }
    assert "Timecode" not in said(bext_fields(chunk))


def test_a_time_reference_beyond_two_days_is_no_time_of_day() -> None:
    just_before, at_once = (
        said(bext_fields(bext(reference_samples=samples)[HEAD_BYTES:], 10))
        for samples in (LATEST_S * 10 - 1, LATEST_S * 10)
    )
    assert just_before == {"Timecode": "47:59:59.900"}
    assert at_once == {}


def test_a_bext_chunk_that_is_cut_says_what_it_still_holds() -> None:
    chunk = bext(description=b"door", date=b"2024-05-01")[HEAD_BYTES : HEAD_BYTES + 300]
    assert said(bext_fields(chunk)) == {"Description": "door"}
    assert said(bext_fields(b"")) == {}


def test_info() -> None:
    chunk = info(
        {
            b"INAM": b"Gate",
            b"ICMT": "déjà vu".encode("cp1252"),
            b"IKEY": b"iron, rust",
            b"ISFT": b"Editor 3",
            b"IENG": b"A. Person",
        }
    )[HEAD_BYTES:]
    assert said(info_fields(chunk)) == {
        "Title": "Gate",
        "Comment": "déjà vu",
        "Keywords": "iron, rust",
        "Recordist": "A. Person",
    }


def test_an_info_chunk_whose_last_value_is_cut_says_the_others() -> None:
    chunk = info({b"INAM": b"Gate", b"ICMT": b"c" * 90})[HEAD_BYTES:-60]
    assert said(info_fields(chunk)) == {"Title": "Gate", "Comment": "c" * 32}


def test_only_the_beginning_of_a_long_info_chunk_is_looked_at() -> None:
    chunk = info({b"INAM": b"Gate", b"JUNK": bytes(INFO_BYTES), b"ICMT": b"behind"})[HEAD_BYTES:]
    assert said(info_fields(chunk)) == {"Title": "Gate"}


@pytest.mark.parametrize("chunk", [b"INFO", b"INFO\xff\xff", b"INFOINAM\xff\xff\xff\xff", b""])
def test_an_info_chunk_without_anything_says_nothing(chunk: bytes) -> None:
    assert said(info_fields(chunk)) == {}


def test_lists_inside_lists_without_end_are_given_up() -> None:
    nested = b"".join(b"LIST\xff\xff\xff\x00INFO" for _ in range(5_000))
    assert info_fields(b"INFO" + nested) == []


def test_ixml() -> None:
    chunk = ixml(
        "<IXML_VERSION>1.61</IXML_VERSION><PROJECT>Barn</PROJECT><SCENE>12A</SCENE>"
        "<TAKE>3</TAKE><TAPE>R7</TAPE><NOTE>wind &amp; creak</NOTE><CIRCLED>FALSE</CIRCLED>"
        "<FILE_UID>77</FILE_UID><SPEED><TIMECODE_RATE>25/1</TIMECODE_RATE></SPEED>"
        "<TRACK_LIST><TRACK_COUNT>3</TRACK_COUNT>"
        "<TRACK><CHANNEL_INDEX>1</CHANNEL_INDEX><NAME>Boom</NAME></TRACK>"
        "<TRACK><CHANNEL_INDEX>2</CHANNEL_INDEX><NAME>Lav 1</NAME></TRACK>"
        "<TRACK><CHANNEL_INDEX>3</CHANNEL_INDEX><NAME/></TRACK></TRACK_LIST>"
        "<LOCATION><LOCATION_NAME>Old mill</LOCATION_NAME><LOCATION_GPS>1, 2</LOCATION_GPS>"
        "</LOCATION><BEXT><BWF_DESCRIPTION>door</BWF_DESCRIPTION></BEXT>"
    )[HEAD_BYTES:]
    assert said(ixml_fields(chunk + b"\0\0\0")) == {
        "Project": "Barn",
        "Scene": "12A",
        "Take": "3",
        "Tape": "R7",
        "Note": "wind & creak",
        "Track names": "Boom, Lav 1",
        "Location": "Old mill",
        "Description": "door",
    }


def test_a_circled_take_is_said() -> None:
    assert said(ixml_fields(ixml("<CIRCLED>TRUE</CIRCLED>")[HEAD_BYTES:])) == {"Circled": "TRUE"}


def test_user_and_aswg_may_hold_any_field() -> None:
    chunk = ixml(
        "<USER><CATID>DOORWood</CATID><LIBRARY>Barns</LIBRARY><MICROPHONE>MKH 8040</MICROPHONE>"
        "<WEATHER>dry</WEATHER></USER>"
        "<ASWG><catId>DOORWood</catId><subCategory>WOOD</subCategory><fxName>Creak</fxName>"
        "<channelConfig>Mono</channelConfig></ASWG>"
    )[HEAD_BYTES:]
    assert said(ixml_fields(chunk)) == {
        "CatID": "DOORWood",
        "Library": "Barns",
        "Microphone": "MKH 8040",
        "Weather": "dry",
        "Subcategory": "WOOD",
        "FX name": "Creak",
        "Channel config": "Mono",
    }


def test_a_user_part_of_free_text_is_a_comment() -> None:
    assert said(ixml_fields(ixml("<USER>my own words</USER>")[HEAD_BYTES:])) == {
        "Comment": "my own words"
    }


def test_ixml_that_breaks_off_says_what_stands_before() -> None:
    cut = f"{IXML_HEAD}<BWFXML><SCENE>4</SCENE><TAKE>2</TAKE><NOTE>half".encode()
    assert said(ixml_fields(cut)) == {"Scene": "4", "Take": "2", "Note": "half"}


@pytest.mark.parametrize(
    "chunk", [b"", b"\0\0", b"no XML at all", b"<", IXML_HEAD.encode(), b"\xff" * 100]
)
def test_what_is_no_ixml_says_nothing(chunk: bytes) -> None:
    assert said(ixml_fields(chunk)) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_its_own_are_not_believed(encoding: str) -> None:
    text = '<!DOCTYPE x [<!ENTITY a "boom">]><BWFXML><SCENE>&a;</SCENE></BWFXML>'
    assert ixml_fields(text.encode(encoding)) == []


def test_a_comment_in_ixml_does_no_harm() -> None:
    chunk = ixml("<!-- made by hand --><SCENE>4</SCENE>")[HEAD_BYTES:]
    assert said(ixml_fields(chunk)) == {"Scene": "4"}


@pytest.mark.parametrize("part", ["", "USER", "LOCATION", "TRACK_LIST"])
def test_only_so_many_elements_of_a_part_are_looked_at(part: str) -> None:
    around = "<TRACK><NAME>n{}</NAME></TRACK>" if part == "TRACK_LIST" else "<NOTE>n{}</NOTE>"
    many = "".join(around.format(number) for number in range(2 * MOST_ELEMENTS))
    chunk = ixml(f"<{part}>{many}</{part}>" if part else many)[HEAD_BYTES:]
    values = [value for field, value in ixml_fields(chunk) if field in ("Note", "Track names")]
    assert f"n{MOST_ELEMENTS - 1}" in ", ".join(values).split(", ")
    assert f"n{MOST_ELEMENTS}" not in ", ".join(values).split(", ")
