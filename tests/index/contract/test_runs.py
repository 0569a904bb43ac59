from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from index.backend import Backend
from index.runs import PRUNED_ONE_IN, RUNS_KEPT, RunDocument
from tests.make import NOON, make_run

HOUR = timedelta(hours=1)
RUNS = [make_run(site, NOON + hour * HOUR) for hour in range(4) for site in ("b.example", "a.example")]


@pytest.fixture
def filled(backend: Backend) -> Backend:
    for run in (*RUNS[::-1], RUNS[3]):
        backend.put_run(run)
    return backend


def newest_first(runs: list[RunDocument]) -> list[RunDocument]:
    return sorted(runs, key=lambda run: (run.started_at, run.id), reverse=True)


def test_an_index_without_runs(backend: Backend) -> None:
    assert backend.runs(limit=10) == []
    assert backend.last_runs() == {}


def test_runs_come_newest_first(filled: Backend) -> None:
    assert filled.runs(limit=100) == newest_first(RUNS)
    assert filled.runs(limit=3) == newest_first(RUNS)[:3]
    assert filled.runs(limit=100, site="a.example") == newest_first(RUNS[1::2])
    assert filled.runs(limit=100, since=NOON + 2 * HOUR) == newest_first(RUNS[4:])
    assert filled.runs(limit=1, since=NOON + HOUR, site="b.example") == [RUNS[6]]
    assert filled.runs(limit=1, site="c.example") == []
    assert filled.runs(limit=0) == []


def test_the_last_run_of_each_site(filled: Backend) -> None:
    assert filled.last_runs() == {"a.example": RUNS[7], "b.example": RUNS[6]}


def test_a_run_put_again_replaces_itself(filled: Backend) -> None:
    corrected = make_run("a.example", NOON + 3 * HOUR, waiting=7, fill=None, problems=["поздно"])
    filled.put_run(corrected)
    assert filled.last_runs()["a.example"] == corrected
    assert len(filled.runs(limit=100)) == len(RUNS)
    assert filled.check().faults == []
    assert filled.check().counts["runs"] == len(RUNS)


def test_runs_of_more_than_a_year_ago_are_deleted(filled: Backend) -> None:
    later = NOON + RUNS_KEPT + timedelta(hours=1, minutes=30)
    assert filled.runs(limit=1), "a server deletes what searches see"
    pruning = (make_run(f"{n}.example", later) for n in range(99_999))
    filled.put_run(next(run for run in pruning if int(run.id, 16) % PRUNED_ONE_IN == 0))
    assert filled.runs(limit=100)[1:] == newest_first(RUNS[4:])


def test_a_clock_that_is_wrong_by_years_deletes_nothing(filled: Backend) -> None:
    pruning = (make_run(f"{n}.example", NOON + timedelta(days=1500)) for n in range(99_999))
    for run in islice((run for run in pruning if int(run.id, 16) % PRUNED_ONE_IN == 0), 3):
        filled.put_run(run)
    assert filled.runs(limit=100)[3:] == newest_first(RUNS)
