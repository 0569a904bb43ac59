"""What is dear to count is counted once a while."""

from __future__ import annotations

import pytest

from index.web.kept import DEAR, Kept


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_made_once_until_it_is_too_old() -> None:
    watch, made = Watch(), iter(range(9))
    kept = Kept(60, watch)
    assert [kept.get("a", lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    assert kept.get("b", lambda: next(made)) == 1
    watch.now += 59.9
    assert kept.get("a", lambda: next(made)) == 0
    watch.now += 0.1
    assert kept.get("a", lambda: next(made)) == 2
    kept.forget("a")
    assert kept.get("a", lambda: next(made)) == 3
    kept.forget("unknown")


def test_what_is_dear_is_kept_longer() -> None:
    watch = Watch()

    def slow() -> float:
        watch.now += 4 * DEAR
        return watch.now

    kept = Kept(60, watch)
    first = kept.get("a", slow)
    watch.now += 4 * 60 - 1
    assert kept.get("a", slow) == first
    watch.now += 1
    assert kept.get("a", slow) != first


def test_nothing_is_kept_for_no_time_and_old_values_make_room() -> None:
    watch, made = Watch(), iter(range(9))
    assert [Kept(0, watch).get("a", lambda: next(made)) for _ in range(2)] == [0, 1]
    kept = Kept(60, watch)
    for n in range(50):
        kept.get(n, lambda: "x")
        watch.now += 6
    assert len(kept._held) <= 11


def test_what_cannot_be_made_is_told_and_not_kept() -> None:
    kept = Kept(60, Watch())

    def refuse() -> int:
        raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        kept.get("a", refuse)
    assert kept.get("a", lambda: 1) == 1
