"""Room for audio is shared, waited for, and never refused to something too large for ever."""

from __future__ import annotations

import threading

from tokenalign.library.indexing.room import Room


def taken_by(room: Room, *lengths: float) -> list[float]:
    """What of these gets in while nobody gives anything back, in this order."""
    inside: list[float] = []

    def enter(seconds: float) -> None:
        if room.take(seconds):
            inside.append(seconds)

    for length in lengths:
        thread = threading.Thread(target=enter, args=(length,), daemon=True)
        thread.start()
        thread.join(timeout=0.05)
    return inside


def test_what_fits_gets_in_and_the_rest_waits() -> None:
    assert taken_by(Room(10.0), 4.0, 7.0, 6.0) == [4.0, 6.0]


def test_something_larger_than_the_room_is_alone_in_it() -> None:
    assert taken_by(Room(10.0), 25.0, 1.0) == [25.0]
    assert taken_by(Room(10.0), 1.0, 25.0) == [1.0]


def test_what_is_given_back_lets_the_next_one_in() -> None:
    room = Room(10.0)
    room.take(25.0)
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(room.take(8.0)))
    waiting.start()
    room.give_back(25.0)
    waiting.join(5.0)
    assert answers == [True]


def test_a_closed_room_sends_everyone_away() -> None:
    room = Room(10.0)
    room.take(10.0)
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(room.take(1.0)))
    waiting.start()
    room.close()
    waiting.join(5.0)
    assert answers == [False]
