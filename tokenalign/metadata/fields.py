"""What fields are called: one name, as sound designers say it, for what each format calls its own.

The names on the left are those of RIFF INFO as `wavinfo` says them, of ID3 as `tinytag` does, of
iXML (gallery.co.uk/ixml), of the ASWG's extension to it (github.com/Sony-ASWG), of what library
programs write into its USER part, and of Vorbis comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tokenalign.metadata.text import LONGEST, cleaned

Pair = tuple[str, str]

MOST_FIELDS = 64
MOST_VALUES = 16
"""Different values of one field; further ones are left out."""

SHORTEST_CUT = 30
"""The narrowest field that cuts text is bext's originator, of 32 bytes."""

# Also the order in which fields are listed; what is not here comes behind, by name.
_NAMES = {
    "Title": "title tracktitle name",
    "Description": "description bwfdescription",
    "FX name": "fxname",
    "Category": "category",
    "Subcategory": "subcategory",
    "CatID": "catid",
    "User category": "usercategory",
    "Vendor category": "vendorcategory",
    "Keywords": "keywords keyword tags",
    "Library": "library",
    "Artist": "artist artists author albumartist",
    "Originator": "originator bwforiginator",
    "Designer": "designer",
    "Recordist": "recordist recengineer engineer technician",
    "Creator": "creator creatorid",
    "Source": "source sourceid",
    "Microphone": "microphone mic mictype",
    "Microphone perspective": "micperspective micdistance",
    "Microphone setup": "micconfig",
    "Recorder": "recorder recmedium",
    "Location": "location locationname recordingloc",
    "Project": "project",
    "Show": "show",
    "Scene": "scene",
    "Take": "take",
    "Tape": "tape soundroll",
    "Track names": "tracknames",
    "Circled": "circled",
    "Transcript": "transcript transcription text lyrics unsyncedlyrics unsynchronisedlyrics",
    "Note": "note notes",
    "Comment": "comment comments user userdata",
    "Subject": "subject",
    "Genre": "genre",
    "Album": "album product",
    "Composer": "composer",
    "Track": "track trackyearnumber tracknumber",
    "Date": "date year createddate releasedate originatordate bwforiginationdate",
    "Time": "time originatortime bwforiginationtime",
    "Timecode": "timecode",
    "Manufacturer": "manufacturer",
    "Publisher": "publisher",
    "Copyright": "copyright",
    "License": "license",
    "URL": "url website",
    "BPM": "bpm",
}
_CALLED = {name: field for field, names in _NAMES.items() for name in names.split()}
_ORDER = {field: place for place, field in enumerate(_NAMES)}
# Said of the encoding, of players and of programs, not of the sound; or no text.
_OF_NO_USE = re.compile(
    r"replaygain|r128|encod|itun|musicbrainz|acoustid|xmp|metadatablock|waveformat|private|pmed"
    r"|version$|uid$|umid|coverart|tracktotal|disc|totaltracks|compatiblebrands|volume$|rating$"
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


def known_field(name: str) -> str:
    """What a known field is called; an empty string for one that is not known."""
    return _CALLED.get(_key(name), "")


def field_called(name: str) -> str:
    """What any field is called; an empty string for one that says nothing of the sound."""
    key = _key(name)
    if key in _CALLED:
        return _CALLED[key]
    if _OF_NO_USE.search(key):
        return ""
    return cleaned(" ".join(_WORDS.findall(name[:64]))).lower().capitalize()


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Fields in the order in which they are listed."""
    return tuple(sorted(pairs, key=lambda pair: (_ORDER.get(pair[0], len(_ORDER)), *pair)))


def folded(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Each field once, cleaned and in order: different values behind each other, equal ones once.

    Args:
        pairs: from several sources, the most trusted first.
    """
    values: dict[str, list[str]] = {}
    for field, value in pairs:
        tidy = cleaned(value)
        if field and tidy:
            _add(values.setdefault(field, []), tidy)
    joined = ((field, "; ".join(several)[:LONGEST]) for field, several in values.items())
    return in_order(joined)[:MOST_FIELDS]


def _add(values: list[str], value: str) -> None:
    """Add a value unless it is there; the whole one stands in for one that was cut."""
    for place, other in enumerate(values):
        if _says_the_same(value, other):
            values[place] = max(other, value, key=len)
            return
    if len(values) < MOST_VALUES:
        values.append(value)


def _says_the_same(one: str, other: str) -> bool:
    shorter, longer = sorted((one.casefold(), other.casefold()), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_CUT and longer.startswith(shorter))


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name[:64].casefold()))
