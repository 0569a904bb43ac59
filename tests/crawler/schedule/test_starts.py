from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from crawler.record import RunRecord
from crawler.schedule.starts import Mark, give_back, last_starts, mark, mark_key, marks, newest
from index.backend import Backend
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from tests.index.outbox.conftest import Time, backend, outbox, remote, time  # noqa: F401 - fixtures
from tests.index.outbox.remote import FileRemote

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITES = ("a.example", "b.example")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Backend]:
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as found:
        yield found


def test_nothing_ran_yet(index: Backend) -> None:
    assert last_starts(index, SITES, NOW) == {}


def test_a_mark_is_set_over_what_was_seen_only(index: Backend) -> None:
    assert mark(index, "a.example", NOW, Mark())
    assert not mark(index, "a.example", NOW, Mark()), "two processes, the same second"
    assert not mark(index, "a.example", NOW + HOUR, Mark(started_at=NOW - HOUR))
    assert mark(index, "a.example", NOW + HOUR, Mark(started_at=NOW))
    assert mark(index, "a.example", NOW, Mark(started_at=NOW + HOUR)), "the clock was set back"
    assert last_starts(index, SITES, NOW) == {"a.example": NOW}


def test_a_turn_that_was_given_back_is_not_had(index: Backend) -> None:
    before = Mark(started_at=NOW - 24 * HOUR)
    mark(index, "a.example", NOW, before)
    give_back(index, "a.example", NOW - HOUR, before, NOW + HOUR)
    assert last_starts(index, SITES, NOW + HOUR) == {"a.example": NOW}, "another's mark stays"
    give_back(index, "a.example", NOW, before, NOW + HOUR)
    assert last_starts(index, SITES, NOW + HOUR) == {"a.example": NOW - 24 * HOUR}
    assert mark(index, "a.example", NOW + HOUR, marks(index, SITES)["a.example"])


@pytest.mark.parametrize("given_back_at", [0, 1, 60])
def test_the_record_of_a_run_that_was_given_back_does_not_count(index: Backend, given_back_at: int) -> None:
    """The clock was right, or one that has been set back since: a time to come says nothing."""
    index.put_run(RunRecord(site="a.example", started_at=NOW, finished_at=NOW, seconds=0.0).document())
    given = Mark(given_back_at=NOW + given_back_at * timedelta(minutes=1))
    index.put_state(mark_key("a.example"), given.model_dump(mode="json"))
    found = last_starts(index, SITES, NOW + timedelta(minutes=5))
    assert found == ({} if given_back_at < 5 else {"a.example": NOW})


def _mark_many(address: str, group: int) -> None:
    with closing(open_index(address)) as found:
        for number in range(25):
            mark(found, f"s{group}-{number}.example", NOW, Mark())


def test_marks_of_two_processes_are_all_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/news.db"
    open_index(address).close()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_mark_many, [address] * 2, range(2)))
    sites = [f"s{group}-{number}.example" for group in range(2) for number in range(25)]
    with closing(open_index(address)) as found:
        assert last_starts(found, sites, NOW) == dict.fromkeys(sites, NOW)


@pytest.mark.parametrize(
    "value",
    [
        {"started_at": "yesterday"},
        {"started_at": ["x"]},
        {"started_at": "2026-11-23"},
        {"start": None},
        {"a": {}},
    ],
)
def test_a_mark_that_cannot_be_read_counts_as_none(index: Backend, value: dict[str, object]) -> None:
    index.put_state(mark_key("a.example"), value)
    mark(index, "b.example", NOW, Mark())
    assert marks(index, SITES) == {"a.example": Mark(), "b.example": Mark(started_at=NOW)}
    assert mark(index, "a.example", NOW, Mark())


@pytest.mark.parametrize(
    ("marked", "recorded", "expected"),
    [
        (None, -1, -1),
        (-1, None, -1),
        (-2, -1, -1),  # run by hand, or by another machine, since
        (-1, -2, -1),
        (-1, +1, -1),  # a record from before the clock was set back
        (+1, -1, +1),  # the clock was set back a moment ago
        (None, +1, +1),
    ],
)
def test_a_mark_and_a_record(marked: int | None, recorded: int | None, expected: int) -> None:
    def at(hours: int | None) -> dict[str, datetime]:
        return {} if hours is None else {"a.example": NOW + hours * HOUR}

    assert newest(at(marked), at(recorded), NOW) == at(expected)


def test_marks_are_read_and_written_while_the_cluster_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(tmp_path))
    for site in SITES:
        with closing(open_index("http://127.0.0.1:9")) as away:
            assert mark(away, site, NOW, Mark())
            assert not mark(away, site, NOW, Mark())
    with closing(open_index("http://127.0.0.1:9")) as away:
        assert last_starts(away, SITES, NOW) == dict.fromkeys(SITES, NOW)


def test_a_mark_that_waits_is_not_sent_over_a_newer_one(
    backend: OutboxBackend,  # noqa: F811 - the fixture
    remote: FileRemote,  # noqa: F811
    time: Time,  # noqa: F811
) -> None:
    remote.script("down")
    assert mark(backend, "a.example", NOW, Mark())
    remote.unscript("down")
    time.now += 3_600
    assert mark(backend, "a.example", NOW + HOUR, Mark(started_at=NOW))
    backend.put_state("any", {"n": 1})  # sends what waits
    assert marks(remote, SITES)["a.example"] == Mark(started_at=NOW + HOUR)
    remote.script("down")
    assert marks(backend, SITES)["a.example"] == Mark(started_at=NOW + HOUR), "known here too"
