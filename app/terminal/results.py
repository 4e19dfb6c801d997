"""Results in words and lines: where a sound matched, how well, and what each phrase found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text

from app.plain import counted, plain
from app.terminal.timeline import INDENT, fit, timeline
from app.times import clock, clock_unit, span
from tokenalign.grounding import Grounding, PhraseGrounding
from tokenalign.library import Hit, SearchAnswer
from tokenalign.query import MAX_PHRASES, parse
from tokenalign.speech import TimedWord

BAR_CELLS = 10
EIGHTHS = " ▏▎▍▌▋▊▉█"
RANK_WIDTH = INDENT
SPOKEN_WIDTH = len("1:02:07.25–1:02:07.50 h")
MOMENTS_NAMED = 4
"""Further moments of a file that are named, if they are at least half as good as its best."""


def answer_lines(answer: SearchAnswer, *, width: int) -> Iterator[Text]:
    """An answered caption: each result with its timeline, then how long it took."""
    yield from _caveat_lines(caveats(answer))
    for rank, hit in enumerate(answer.results, start=1):
        yield from hit_lines(hit, rank=rank, width=width)
        yield Text()
    steps = ", ".join(f"{step} {spent:.0f} ms" for step, spent in answer.elapsed_ms.items())
    yield Text(f"{counted(len(answer.results), 'result')} ({steps})", style="dim")


def caveats(answer: SearchAnswer) -> Iterator[str]:
    """What to know before trusting the results, a line each."""
    yield from _ignored(answer.query)
    if answer.untaught:
        texts = plain(", ".join(answer.untaught))
        yield f"this model was taught nothing like: {texts}; what it finds for that is a guess"
    if not answer.matches_well:
        yield f"nothing matches well{_what_is_below(answer)}"
    if answer.unencoded:
        files = counted(answer.unencoded, "file")
        yield f"{files} not looked at: not encoded for this bundle yet (tokenalign index)"


def _ignored(caption: str) -> Iterator[str]:
    """What a caption asks for beyond the most phrases."""
    if ignored := parse(caption).ignored:
        texts = plain(", ".join(ignored))
        yield f"not looked for, as a caption has {MAX_PHRASES} phrases at most: {texts}"


def _caveat_lines(caveats: Iterable[str]) -> Iterator[Text]:
    for caveat in caveats:
        yield Text(caveat, style="yellow")
        yield Text()


def _what_is_below(answer: SearchAnswer) -> str:
    """What the results are then; a file that is called what was typed is no guess."""
    named = sum(bool(hit.matched_words) for hit in answer.results)
    if named:
        return f"; below: {counted(named, 'file')} with the words, and the nearest sounds"
    return "; the nearest sounds are" if answer.results else ""


def hit_lines(hit: Hit, *, rank: int, width: int) -> Iterator[Text]:
    """One result: its name and score, its folder, its timeline, its file's further moments."""
    when = span(hit.start_s, hit.end_s)
    yield title(hit.path, when=when, score=hit.score, width=width, rank=str(rank))
    yield _folder(hit.path, hit.machine)
    yield from timeline(hit.phrases, width=width)
    if hit.matched_words:
        yield Text(f"{'':{INDENT}}in the words: {plain(', '.join(hit.matched_words))}")
    if hit.said is not None:
        yield Text(f"{'':{INDENT}}said at {span(*hit.said)}")
    further = [
        f"{span(moment.start_s, moment.end_s)} ({moment.score:.2f})"
        for moment in hit.moments
        if moment.score >= hit.score / 2
    ]
    if further:
        yield Text(f"{'':{INDENT}}also at {', '.join(further[:MOMENTS_NAMED])}")
    for copy in hit.copies:
        yield Text(f"{'':{INDENT}}same bytes: {plain(str(copy))}", style="dim")


def grounding_lines(
    grounding: Grounding, path: Path, *, width: int, words: Sequence[TimedWord] = ()
) -> Iterator[Text]:
    """A whole file: its timeline, each phrase with its spans and its tokens' weights, the words."""
    yield from _caveat_lines(_ignored(grounding.caption))
    start_s, end_s = (float(grounding.frame_edges_s[edge]) for edge in (0, -1))
    score = grounding.score if grounding.caption else None
    yield title(path, when=span(start_s, end_s), score=score, width=width)
    yield _folder(path)
    yield from timeline(grounding.phrases, width=width, words=words, duration_s=end_s)
    for phrase in grounding.phrases:
        yield Text()
        yield Text(f"{'':{INDENT}}{plain(phrase.text)}: {_spans(phrase)}")
        weights = "  ".join(
            f"{plain(word.text)} {word.weight:.2f}" for word in grounding.words_of(phrase)
        )
        yield Text(f"{'':{INDENT}}words: {weights}", style="dim")
    yield from _spoken_lines(words, end_s)


def title(path: Path, *, when: str, score: float | None, width: int, rank: str = "") -> Text:
    """Rank, name, time span and, if there is one, the score on one line of `width` cells."""
    tail = f"  {when}" if score is None else f"  {when}  {score_bar(score)} {score:.2f}"
    line = Text(fit(rank, RANK_WIDTH))
    line.append(fit(plain(path.name), width - RANK_WIDTH - cell_len(tail)), style="bold")
    return line.append(tail)


def score_bar(score: float) -> str:
    """A score on [0, 1] as a bar of `BAR_CELLS` cells, exact to an eighth of a cell."""
    full, eighths = divmod(round(min(max(score, 0.0), 1.0) * BAR_CELLS * 8), 8)
    return fit("█" * full + EIGHTHS[eighths].strip(), BAR_CELLS)


def _folder(path: Path, machine: str = "") -> Text:
    """Where a file lies; on another machine, which one that is."""
    whose = f"on {plain(machine)}: " if machine else ""
    return Text(f"{'':{INDENT}}{whose}{plain(str(path.parent))}", style="dim")


def _spans(phrase: PhraseGrounding) -> str:
    """Where a phrase sounds, exactly: the timeline's cells are coarse in a long file."""
    if not phrase.found:
        return "not heard"
    return ", ".join(
        f"{span(segment.start_s, segment.end_s)} ({segment.score:.2f})"
        for segment in phrase.segments
    )


def _spoken_lines(words: Sequence[TimedWord], longest_s: float) -> Iterator[Text]:
    """A line for each word: when it is said, how sure that is, and the word.

    Where no word has a time, the count beside their row in the timeline says so.
    """
    if all(word.start_s is None for word in words):
        return
    yield Text()
    for word in words:
        if word.start_s is None or word.end_s is None:
            yield Text(f"{'':{INDENT}}{'no span':>{SPOKEN_WIDTH}}        {plain(word.text)}")
            continue
        start, end = (
            clock(time_s, digits=2, longest_s=longest_s) for time_s in (word.start_s, word.end_s)
        )
        times = f"{start}–{end} {clock_unit(longest_s)}"
        yield Text(
            f"{'':{INDENT}}{times:>{SPOKEN_WIDTH}}  {word.confidence:.2f}  {plain(word.text)}"
        )
