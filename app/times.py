"""Times as people read them: seconds below a minute, then minutes and hours."""

from __future__ import annotations

MINUTE_S = 60.0
HOUR_S = 3600.0


def clock(time_s: float, *, digits: int = 0, longest_s: float = 0.0) -> str:
    """A time as ``7.5``, ``1:07.5`` or ``1:02:07.5``, with so many digits of a second.

    Times that stand beside each other look alike when they share the `longest_s` of them.
    """
    whole_s = round(time_s, digits)
    longest_s = max(whole_s, round(longest_s, digits))
    if longest_s < MINUTE_S:
        return f"{whole_s:.{digits}f}"
    minutes, rest_s = divmod(whole_s, MINUTE_S)
    rest = f"{rest_s:0{digits + 3 if digits else 2}.{digits}f}"
    if longest_s < HOUR_S:
        return f"{minutes:.0f}:{rest}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:.0f}:{minutes:02.0f}:{rest}"


def clock_unit(longest_s: float, *, digits: int = 0) -> str:
    """The unit of clock times up to `longest_s`."""
    longest_s = round(longest_s, digits)
    if longest_s < MINUTE_S:
        return "s"
    return "min" if longest_s < HOUR_S else "h"


def length(time_s: float) -> str:
    """A duration with its unit: ``7 s``, ``1:07 min`` or ``1:02:07 h``."""
    return f"{clock(time_s)} {clock_unit(time_s)}"


def span(start_s: float, end_s: float) -> str:
    """From when to when, in tenths of a second: ``0.5–2.0 s``."""
    start = clock(start_s, digits=1, longest_s=end_s)
    return f"{start}–{clock(end_s, digits=1)} {clock_unit(end_s, digits=1)}"


def rate(number: float) -> str:
    """A rate, with a tenth while that matters: ``0.4``, ``117``."""
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"
