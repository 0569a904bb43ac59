from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.schedule.starts import STATE, last_starts, mark, marks, newest
from index.backend import Backend
from index.engine import open_index

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Backend]:
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as backend:
        yield backend


def test_nothing_ran_yet(index: Backend) -> None:
    assert last_starts(index, NOW) == {}


def test_marks_are_kept_and_those_of_others_stay(index: Backend) -> None:
    mark(index, {"a.example": NOW, "b.example": NOW})
    mark(index, {"b.example": NOW + HOUR})
    mark(index, {})
    assert marks(index) == {"a.example": NOW, "b.example": NOW + HOUR}
    assert last_starts(index, NOW + 2 * HOUR) == marks(index)


def test_a_mark_that_cannot_be_read_counts_as_none(index: Backend) -> None:
    damaged = {
        "a.example": "yesterday",
        "b.example": None,
        "c.example": 7.5,
        "d.example": ["x"],
        "e.example": "2026-11-23",
    }
    index.put_state(STATE, {**damaged, "good.example": "2026-11-23T12:00:00+00:00"})
    found = marks(index)
    assert found["good.example"] == NOW
    assert not {"a.example", "b.example", "d.example"} & found.keys()


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
    for site in ("a.example", "b.example"):
        with closing(open_index("http://127.0.0.1:9")) as backend:
            mark(backend, {site: NOW})
    with closing(open_index("http://127.0.0.1:9")) as backend:
        assert last_starts(backend, NOW) == {"a.example": NOW, "b.example": NOW}
