from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from crawler import outcome
from index.runs import OUTCOMES, PROBLEM_LENGTH, PROBLEMS, RunDocument, newest, run_id, shortened, stored_run
from tests.make import NOON, make_run


def test_the_outcomes_are_those_of_the_crawler() -> None:
    assert outcome.OUTCOMES == OUTCOMES


def test_a_run_survives_json() -> None:
    run = make_run(newest_published_at=None, fill=None, problems=["сеть не отвечает"])
    assert RunDocument.model_validate_json(run.model_dump_json()) == run


@pytest.mark.parametrize(
    "changes",
    [
        {"outcomes": {"indexed": 1}},
        {"outcomes": dict.fromkeys(OUTCOMES, 0) | {"lost": 1}},
        {"outcomes": dict.fromkeys(OUTCOMES, -1)},
        {"outcomes": {}},
        {"fill": {"title": 1.0}},
        {"fill": {"title": 1.0, "body": 1.0, "date": 1.5, "author": 0.0}},
        {"started_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - the fault of this case
        {"trigger": "cron"},
        {"problems": [""] * (PROBLEMS + 1)},
        {"surprise": 1},
        {"id": "x"},
    ],
)
def test_what_is_no_run_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_run(**{"host": "desk", **changes})  # type: ignore[arg-type]  # wrong on purpose


def test_times_are_kept_in_utc() -> None:
    moscow = datetime(2026, 1, 18, 15, tzinfo=timezone(timedelta(hours=3)))
    assert make_run(started_at=moscow).started_at.tzinfo == UTC


def test_an_id_is_one_site_start_and_machine() -> None:
    ids = {
        run_id(site, start, host)
        for site in ("a", "b")
        for start in (NOON, NOON + timedelta(microseconds=1))
        for host in ("x", "y")
    }
    assert len(ids) == 8
    assert run_id("a", NOON, "x\udcff")


def test_the_newest_of_each_site() -> None:
    old, new, other = make_run(), make_run(started_at=NOON + timedelta(seconds=1)), make_run("b.example")
    assert newest([new, old, other]) == {"a.example": new, "b.example": other}


def test_problems_are_cut_and_the_rest_is_counted() -> None:
    assert shortened(["one\n two"]) == ["one two"]
    assert shortened(["x" * 9999]) == ["x" * PROBLEM_LENGTH]
    cut = shortened(str(number) for number in range(PROBLEMS + 5))
    assert (len(cut), cut[-1]) == (PROBLEMS, "and 6 more")


def test_a_record_of_another_version_is_read_as_far_as_it_is_understood() -> None:
    run = make_run()
    stored = json.loads(run.model_dump_json())
    newer = stored | {"bandwidth": 7, "outcomes": {**stored["outcomes"], "postponed": 1}}
    newer["fill"] = {**stored["fill"], "section": 0.5}
    assert stored_run(newer) == run
    older = stored | {"outcomes": {name: n for name, n in stored["outcomes"].items() if name != "deferred"}}
    assert stored_run(older) == run
    assert stored_run(stored | {"fill": {"title": 1.0}}).fill is None


@pytest.mark.parametrize(
    "changes", [{"started_at": "yesterday"}, {"outcomes": 7}, {"outcomes": {"known": -1}}]
)
def test_a_record_that_is_none_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        stored_run(json.loads(make_run().model_dump_json()) | changes)
