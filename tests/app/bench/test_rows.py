from __future__ import annotations

import pytest

from app.bench.peers import INSTALL, require
from app.bench.rows import Goal, MissingPeerError, compared


def test_less_is_better_unless_said_otherwise() -> None:
    time = compared("s", ours=2.0, peer=10.0, goal=Goal(ratio=5))
    rate = compared("files/s", ours=10.0, peer=2.0, goal=Goal(ratio=5), more_is_better=True)
    slower = compared("s", ours=10.0, peer=2.0, goal=Goal(ratio=5))

    assert (time.ratio, time.reached) == (5.0, True)
    assert (rate.ratio, rate.reached) == (5.0, True)
    assert (slower.ratio, slower.reached) == (0.2, False)


@pytest.mark.parametrize(
    ("goal", "text", "reached"),
    [
        (Goal(ratio=3, most=30, unit="ms"), "≥ 3x, ≤ 30 ms", True),
        (Goal(ratio=5, most=30, unit="ms"), "≥ 5x, ≤ 30 ms", False),
        (Goal(ratio=3, most=19, unit="ms"), "≥ 3x, ≤ 19 ms", False),
        (Goal(least=20), "≥ 20", True),
        (Goal(least=20.5), "≥ 20.5", False),
    ],
)
def test_a_goal_asks_for_all_that_it_names(goal: Goal, text: str, reached: bool) -> None:
    row = compared("front end", ours=20.0, peer=80.0, goal=goal)

    assert (row.goal, row.reached) == (text, reached)


def test_without_its_peer_no_row_is_reached() -> None:
    with pytest.raises(MissingPeerError) as missing:
        require("json", "no_such_peer")
    row = compared("s", ours=1.0, peer=missing.value, goal=Goal(most=30), note="once")

    assert (row.ours, row.peer, row.ratio, row.reached) == (1.0, None, None, False)
    assert row.note == f"once; no_such_peer is not installed: {INSTALL}"


def test_an_installed_peer_is_no_trouble() -> None:
    require("json", "numpy")
