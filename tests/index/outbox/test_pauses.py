from __future__ import annotations

from pathlib import Path

import pytest

from index.outbox.pauses import PROBE, Kind
from index.outbox.store import Outbox

NOW = 1_790_000_000.0
KINDS: tuple[Kind, ...] = ("read", "state", "article")


def admitted(outbox: Outbox, now: float) -> set[Kind]:
    return {kind for kind in KINDS if outbox.pauses.admits(kind, now)}


@pytest.mark.parametrize(
    ("failed", "left"),
    [("read", set()), ("state", {"read", "article"}), ("article", {"read", "state"})],
)
def test_a_failure_pauses_its_kind_and_one_of_reading_all(
    outbox: Outbox, failed: Kind, left: set[Kind]
) -> None:
    assert admitted(outbox, NOW) == set(KINDS)
    outbox.pauses.failed(failed, NOW, "connection refused", lambda failures: 10.0)
    assert admitted(outbox, NOW + 9.9) == left
    outbox.pauses.ended(failed)
    assert admitted(outbox, NOW) == set(KINDS)


def test_failures_in_a_row_are_counted_and_a_success_forgets_them(outbox: Outbox) -> None:
    waits: list[int] = []

    def wait(failures: int) -> float:
        waits.append(failures)
        return 1.0

    for _ in range(3):
        outbox.pauses.failed("article", NOW, "429", wait)
    outbox.pauses.ended("read")
    outbox.pauses.failed("article", NOW, "429", wait)
    outbox.pauses.ended("article")
    outbox.pauses.failed("article", NOW, "429", wait)
    assert waits == [1, 2, 3, 4, 1]


def test_after_a_pause_one_process_tries_and_the_others_hold_back(outbox: Outbox) -> None:
    other = Outbox(outbox.path)
    outbox.pauses.failed("read", NOW, "connection refused", lambda failures: 10.0)
    assert not other.pauses.admits("article", NOW + 9)
    assert outbox.pauses.admits("article", NOW + 10)
    assert not other.pauses.admits("article", NOW + 11)
    assert not other.pauses.admits("read", NOW + 11)
    assert other.pauses.admits("article", NOW + 10 + PROBE), "the first has died meanwhile"
    outbox.pauses.ended("article")
    assert other.pauses.admits("read", NOW + 11)
    other.close()


def test_waking_ends_the_wait_and_keeps_the_count(outbox: Outbox) -> None:
    outbox.pauses.failed("read", NOW, "x", lambda failures: 300.0)
    outbox.pauses.wake()
    assert outbox.pauses.admits("read", NOW)
    assert [pause.failures for pause in outbox.pauses.all()] == [1]


def test_a_pause_set_under_a_wrong_clock_holds_nothing_up(outbox: Outbox) -> None:
    outbox.pauses.failed("read", NOW + 86_400, "x", lambda failures: 300.0)
    assert outbox.pauses.admits("read", NOW)


def test_without_a_file_nothing_is_paused_and_none_is_made(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "none" / "x.db")
    outbox.pauses.ended("read")
    outbox.pauses.wake()
    assert outbox.pauses.admits("read", NOW)
    assert list(tmp_path.iterdir()) == []
