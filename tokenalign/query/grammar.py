"""What the words between sounds mean: tables only, all in lower case.

Longer wordings win over shorter ones ("as well as" over "as"), so a wording that is no connective
at all ("as if", "back and forth") is simply a longer one, listed under `Join.PLAIN`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from itertools import product

from tokenalign.query.vocabulary import ADJECTIVES, ADVERBS, NUMBERS


class Join(Enum):
    """How a clause hangs on what stands before it in the caption."""

    PLAIN = auto()  # not a connective: words of the phrase
    COMMA = auto()  # also colons, dashes
    STOP = auto()  # the end of a sentence or line; also semicolons
    AND = auto()
    BUT = auto()
    OR = auto()
    THEN = auto()  # "A then B"
    BEFORE = auto()  # "A before B", or "before B, A"
    AFTER = auto()  # "B after A", or "after A, B"
    WHILE = auto()
    NO = auto()  # "no A": reaches A alone
    WITHOUT = auto()  # "without A": may open a list


Wording = tuple[str, ...]


def _wordings(text: str) -> list[Wording]:
    """Wordings as listed: one a line or between semicolons."""
    return [tuple(one.split()) for line in text.splitlines() for one in line.split(";")]


def _each(*choices: str) -> Iterable[Wording]:
    """All wordings made of one word (space-separated) from each choice."""
    return product(*(choice.split() for choice in choices))


LEAD_INS = frozenset(
    _wordings(
        """there is; there are; there was; there were; there's; it is; it was; it's; also; both
        that; which; so; soon; suddenly; immediately; the sound of; the sounds of; a sound of
        sound of; sounds of; the noise of; we hear; we can hear; you hear; you can hear; i hear
        i can hear; one can hear; i want; i want to hear; i am looking for; i'm looking for
        find; find me; search for; is there; are there; can i hear; could i hear; give me; show me
        i need; please; what comes; in turn; a recording of; the recording of; recording of
        sfx of; sound effect of; a sound effect of"""
    )
)
"""Wordings at the beginning of a clause that name no sound."""

TAILS = frozenset(_wordings("is heard; are heard; can be heard; could be heard; was heard; please"))
"""Wordings at the end of a clause that name no sound."""

_NEGATABLE = "is are was were am be does do did has have had can could will would should"
DENIALS = frozenset(_each(_NEGATABLE, "not"))
"""Wordings, besides words in -n't, that turn a whole clause round: "the dog is not barking"."""

_ATTEMPTING = "stopping starting opening closing shutting ending ceasing quitting working"
ATTEMPTS = frozenset(
    f"""{_ATTEMPTING} stop stopped start open close shut end cease quit work catch turn
    turning let""".split()
)
"""What a denial may stand before without denying the sound, which is that of the trying: a car
that won't start, rain that doesn't stop.
"""

_OVER_MOTION = """fly flies flying flew run runs running ran drive drives driving drove roll rolls
    rolling pass passes passing passed go goes going pour pours pouring poured move moves moving
    walk walks walking turn turns turning fall falls falling fell knock knocks knocking knocked
    ride rides riding travel travels traveling travelling flow flows flowing gallop gallops
    galloping trot trots trotting speed speeds speeding skid skids skidding slide slides sliding
    hover hovers hovering bump bumps bumping rub rubs rubbing scrape scrapes scraping blow blows
    blowing splash splashes splashing spill spills spilling jump jumps jumping jumped step steps
    stepping stepped crash crashes crashing crashed climb climbs climbing climbed trip trips
    tripping tripped lean leans leaning leaned hang hangs hanging hung all"""
_MEDIA = """loudspeaker loudspeakers speaker speakers speakerphone microphone mic mike megaphone
    intercom radio phone telephone pa television tv walkie-talkie tannoy air"""
_TOOLS = """hammer knife saw brush broom stick drill tool machine fork spoon shovel axe whip bow
    hand hands foot feet finger fingers mouth teeth paw paws lighter key keys
    accent echo lisp stutter"""
_PLAY = "play plays played playing filled fills covered fiddling tinkering toying interacting"
_EFFECTS = "reverb echo distortion"
_SPEAKING = """say says saying said yell yells yelling yelled shout shouts shouting shouted scream
    screams screaming screamed"""
_HOW_SOON = "closely shortly quickly immediately directly soon later then eventually briefly"
_ARTICLES = "a an the his her their its"

_HOW_MANY = " ".join([*map(str, range(1, 61)), *NUMBERS, "a", "some", "several"])
_TIMES = "second seconds moment moments minute minutes"

_LATER = [
    *_each(_TIMES, "later"),
    *_each(_HOW_MANY, _TIMES, "later"),
    *_each("a", "few", _TIMES, "later"),
    *_each("a", "couple", "of", _TIMES, "later"),
]

_ADVERBIAL_FIRST = "first; at first; initially"
_STARTS_WITH = """starts with; start with; starting with; begins with; begin with; beginning with
    it starts with; it begins with"""
_ADVERBIAL_THEN = """next; finally; later; later on; subsequently; eventually; lastly; at last
    in the end; after a while; after a moment; after a pause; after a second; after some time
    after a few seconds; after a bit"""

_LISTED: dict[Join, str] = {
    Join.AND: """and; as well as; plus; in addition to; not only""",
    Join.BUT: """but; but also; though; although""",
    Join.OR: "or",
    Join.THEN: f"""{_ADVERBIAL_THEN}
        then; and then; but then; followed by; followed with; follow by; following by; after that
        after this; after which; afterwards; afterward; thereafter; right then; and after
        and shortly after; and soon after; and right after; and just after
        and immediately after; leading to; leading into; giving way to; end with; ends with
        ending with; ended with; it ends with; finally ends with; finally ending with
        a while later; some time later""",
    Join.BEFORE: "before; prior to; until; till; precede; precedes; preceding",
    Join.AFTER: """after; preceded by; following; as soon as; but first; before that
        before this; before which""",
    Join.WHILE: """while; whilst; as; with; when; during; over; amid; amidst; alongside; along with
        together with; accompanied by; accompanied with; mixed with; combined with; coupled with
        joined by; at the same time; at the same time as; simultaneously with; concurrently with
        in unison with; just as; even as; right as; simultaneously; meanwhile
        in the meantime; as long as; whereas; during which
        against a background of; with a background of; on top of the sound of""",
    Join.NO: """no; not; nor; neither; it is not; it's not; it isn't; there is not; there isn't
        there are not; there aren't; instead of; rather than; -""",
    Join.WITHOUT: """without; except; except for; apart from; other than; lacking; excluding
        in the absence of; free of; devoid of; anything but; everything but""",
    Join.PLAIN: """back and forth; up and down; in and out; on and off; off and on; to and fro
        here and there; now and then; now and again; every now and then; rock and roll
        drum and bass; hustle and bustle; pots and pans; after another; after the other
        first aid; left to right; to the right; on the right; from the right
        one after another; one after the other; time after time; a while
        once in a while; all the while
        such as; same as; known as; used as; as if; as though; as a result; as a whole; as usual
        as follows; as well; as possible; as before; than before; like before; like never before
        the day before; the night before; with each other; with one another; over each other
        over one another; over time; over there; over here; next to; next door; the following
        no one; no longer; no matter; not far; not too; not very; not so; not quite; nothing but
        and so on; and so forth; without stopping; without interruption; without pause
        without a pause; without a break; without warning; with time; with a start""",
}

EDGE_ONLY = frozenset(
    _wordings(
        f"""{_ADVERBIAL_FIRST}; {_ADVERBIAL_THEN}; simultaneously; meanwhile
        after another; after the other; end with; anything but; everything but"""
    )
)
"""Wordings known only at the edge of a clause: "later, rain", but not in "a later train"."""

START_ONLY = frozenset(_wordings(_STARTS_WITH))
"""Wordings known only where a sentence begins: not in "an engine cranks and starts with a bang"."""

END_ONLY = frozenset(_each(_SPEAKING, "no"))
"""Wordings known only where a clause ends: "a man shouting no", but not "shouting, no music"."""


def _connectives() -> dict[Wording, Join]:
    """Every wording and what it means."""
    described = " ".join(ADJECTIVES | ADVERBS)
    table: dict[Wording, Join] = {(word, "and", word): Join.PLAIN for word in described.split()}
    table |= dict.fromkeys(_each("as", described, "as"), Join.PLAIN)
    table |= dict.fromkeys(_each("with", "a", " ".join(ADJECTIVES), "voice"), Join.PLAIN)
    table |= dict.fromkeys(_each(_PLAY, "with"), Join.PLAIN)
    table |= dict.fromkeys(_each("with", _ARTICLES, _TOOLS), Join.PLAIN)
    table |= dict.fromkeys(_each("with", _EFFECTS), Join.PLAIN)
    table |= dict.fromkeys(_each(_OVER_MOTION, "over"), Join.PLAIN)
    table |= dict.fromkeys(_each(_OVER_MOTION, "over", "and", "over"), Join.PLAIN)
    table |= dict.fromkeys(_each("over", _MEDIA), Join.PLAIN)
    table |= dict.fromkeys(_each("over", _ARTICLES, _MEDIA), Join.PLAIN)
    table |= dict.fromkeys(_each("over", _ARTICLES, "loud", "speaker"), Join.PLAIN)
    table |= dict.fromkeys(DENIALS | END_ONLY, Join.PLAIN)
    table |= dict.fromkeys(_each("not", _ATTEMPTING), Join.PLAIN)
    table |= dict.fromkeys(_each("followed", _HOW_SOON, "by"), Join.THEN)
    table |= dict.fromkeys(_LATER, Join.THEN)
    table |= {("followed", *later, "by"): Join.THEN for later in _LATER}
    # Listed last, so that "as well as" is not taken for one of "as loud as" and its kin.
    table |= {wording: join for join, text in _LISTED.items() for wording in _wordings(text)}
    table |= dict.fromkeys([*_wordings(_ADVERBIAL_FIRST), *START_ONLY], Join.AND)
    # "Right" belongs to what follows here only: not in "a car passes left to right, then stops".
    soon = [wording for wording in table if wording[0] in ("after", "before", "until")]
    table |= {("right", *wording): table[wording] for wording in soon}
    return table


CONNECTIVES = _connectives()
LONGEST_WORDING = {wording[0]: len(wording) for wording in sorted(CONNECTIVES, key=len)}
"""By the first word of wordings, the number of words of the longest."""
