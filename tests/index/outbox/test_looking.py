"""Whoever looks is told that the index does not answer, finds what waits, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.backend import IndexUnreachable
from index.outbox.backend import OutboxBackend
from index.outbox.looking import LookingBackend
from index.outbox.store import Outbox
from tests.index.outbox.conftest import Time
from tests.index.outbox.remote import FileRemote
from tests.make import make_article


@pytest.fixture
def looking(remote: FileRemote, outbox: Outbox, time: Time) -> LookingBackend:
    return LookingBackend(remote, outbox, clock=time, sleep=time.sleep)


def test_an_index_that_is_down_is_told_and_no_outbox_made(
    looking: LookingBackend, remote: FileRemote, outbox: Outbox
) -> None:
    remote.script("down")
    id = make_article().id
    for ask in (
        lambda: looking.known([id]), lambda: looking.get([id]), lambda: looking.edges([id]),
        lambda: looking.get_state("site:a"), lambda: looking.story(id),
    ):  # fmt: skip
        with pytest.raises(IndexUnreachable):
            ask()
    assert not Path(outbox.file.path).exists()


def test_an_index_that_answers_leaves_no_trace_either(
    looking: LookingBackend, remote: FileRemote, outbox: Outbox
) -> None:
    stored = make_article()
    remote.deliver([stored])
    remote.put_state("site:a", {"visits": 1})
    assert looking.known([stored.id])[stored.id].id == stored.id
    assert looking.get_state("site:a") == {"visits": 1}
    assert [each.id for each in looking.story(stored.id)] == [stored.id]
    assert not Path(outbox.file.path).exists()


def test_a_pause_of_the_crawler_does_not_hold_and_stays(
    looking: LookingBackend, backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("down")
    backend.known(["0" * 32])
    remote.unscript("down")
    assert looking.edges([]) == []
    assert [pause.kind for pause in backend.outbox.pauses.all()] == ["read"]


def test_what_waits_here_is_found(
    looking: LookingBackend, backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    waits = make_article(site="b.example")
    remote.script("down")
    assert backend.put([waits]) == ["waiting"]
    backend.put_state("site:b", {"visits": 2})
    remote.unscript("down")
    assert looking.known([waits.id])[waits.id].site == "b.example"
    assert looking.get([waits.id])[waits.id].url == waits.url
    assert looking.get_state("site:b") == {"visits": 2}
    assert remote.delivered() == []
