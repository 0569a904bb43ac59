"""Run records behind an outbox: they arrive when the index is back, once, and are known meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.backend import IndexUnreachable
from index.outbox.backend import OutboxBackend
from tests.index.outbox.conftest import Time
from tests.index.outbox.remote import FileRemote
from tests.make import NOON, make_run

HOUR = timedelta(hours=1)


def test_a_run_is_sent_at_once(backend: OutboxBackend, remote: FileRemote) -> None:
    backend.put_run(make_run())
    assert remote.runs(limit=9) == backend.runs(limit=9) == [make_run()]
    assert backend.outbox.summary(0).left == 0


def test_runs_wait_while_the_index_is_away(backend: OutboxBackend, remote: FileRemote, time: Time) -> None:
    first, second, other = make_run(), make_run(started_at=NOON + HOUR), make_run("b.example")
    remote.script("down")
    for run in (first, second, other):
        backend.put_run(run)
    assert backend.last_runs() == {"a.example": second, "b.example": other}
    assert backend.runs(limit=1, site="a.example") == [second]
    assert backend.runs(limit=9, since=NOON + HOUR) == [second]
    assert backend.outbox.summary(time()).states == 3
    remote.unscript("down")
    backend.drain(600)
    backend.drain(600)
    assert sorted(remote.runs(limit=9), key=lambda run: run.id) == sorted(
        [first, second, other], key=lambda run: run.id
    )
    assert len(backend.runs(limit=9)) == 3


def test_a_corrected_run_arrives_as_it_was_last(backend: OutboxBackend, remote: FileRemote) -> None:
    remote.script("down")
    backend.put_run(make_run(waiting=9))
    backend.put_run(make_run(waiting=0))
    remote.unscript("down")
    backend.drain(600)
    assert remote.runs(limit=9) == [make_run(waiting=0)]


def test_what_was_sent_makes_room_but_for_the_last(backend: OutboxBackend, remote: FileRemote) -> None:
    """A machine without its cluster still knows when each site ran here."""
    runs = [make_run(started_at=NOON + hour * HOUR) for hour in range(5)]
    for run in (make_run("a.example.org"), *runs):
        backend.put_run(run)
    remote.script("down")
    assert backend.last_runs() == {"a.example": runs[-1], "a.example.org": make_run("a.example.org")}
    assert len(backend.outbox.runs.all()) == 2


def test_runs_of_other_machines_count_when_the_index_answers(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    backend.put_run(make_run())
    theirs = make_run(started_at=NOON + HOUR, host="other")
    remote.put_run(theirs)
    assert backend.last_runs() == {"a.example": theirs}
    assert backend.runs(limit=9) == [theirs, make_run()]


def test_a_run_of_another_version_holds_up_no_other(backend: OutboxBackend, remote: FileRemote) -> None:
    backend.outbox.states.write("run/a.example/x", '{"id": "x", "news": 1}')
    backend.put_run(make_run("b.example"))
    assert [run.site for run in remote.runs(limit=9)] == ["b.example"]
    assert backend.last_runs().keys() == {"b.example"}
    assert "run/a.example/x" in backend.outbox.summary(0).reason


def test_an_update_is_never_kept_here(backend: OutboxBackend, remote: FileRemote) -> None:
    assert backend.update_state("lease:a", lambda held: {"owner": "me"}) == {"owner": "me"}
    remote.script("down")
    with pytest.raises(IndexUnreachable):
        backend.update_state("lease:a", lambda held: {})
    assert backend.outbox.summary(0).left == 0
