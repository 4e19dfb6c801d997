"""Classes of English words that tell a sound from what is said of it, all in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    """a an the this that these those some any another other others each every his her its their
    my our your one two three four five six seven eight nine ten few several many multiple various
    couple lot lots of all more most both"""
)

ADJECTIVES = _words(
    """big brief bright close constant consistent continual continuous deep distant dull faint fast
    frequent gentle great hard harsh heavy high hollow huge intense intermittent large light little
    long loud low massive mechanical metallic mild muffled nearby old ongoing persistent powerful
    quick quiet rapid regular repeated repetitive rhythmic rough sharp short shrill slight slow
    small smooth soft steady strong subtle sudden super tiny very young"""
)
"""Words that lean on the noun that follows: "loud and continuous buzzing"."""

ADVERBS = _words(
    """again ahead alone along apart around aside away back backward backwards below briefly by
    down downwards elsewhere everywhere fast faster forth forward forwards further hard harder here
    higher in inside indoors instead intermittently louder lower more near nearby nearer off often
    on once out outdoors outside over overhead past quicker quieter slower softer somewhat
    sometimes somewhere stronger there through throughout to together too twice up upward upwards
    weaker well closer deeper heavier from at into onto under near far
    and then now every
    background distance foreground time times it them him her"""
)
"""Words that lean on what stands before them, and make no sound of their own.

"And" and "then" are left in a clause only by fixed pairs: "now and then".
"""

LY_NOUNS = _words("fly flies butterfly dragonfly family belly jelly lily bully rally")
"""Words in -ly that are no adverbs."""

PEOPLE = _words(
    """man men woman women boy boys girl girls child children kid kids person persons people male
    males female females adult adults lady ladies guy guys baby babies teenager teenagers"""
)
"""Who shares a verb: "a man and a woman talk" is one sound."""

DELAYS = _words(
    """shortly soon immediately just directly quickly closely long only even a some several
    few couple of the second seconds moment moments minute minutes while"""
)
"""Words between a phrase and "after", "before", "followed by": how much later, not what."""

NUMBERS = _words(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty
    fifty sixty"""
)
"""Numbers that, as digits do, belong to the delay behind them: "five seconds" after a knock."""

DANGLING = _words("is are was were be being been that which it's")
"""Words left over at the end of a clause: "thunder, which is | followed by rain"."""
