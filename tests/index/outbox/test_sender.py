"""What one article or one state that cannot be sent does to the others, and who is told what was sent."""

from __future__ import annotations

import pytest

from index.backend import IndexWriteError
from index.outbox.backend import OutboxBackend
from index.outbox.sender import Sent
from tests.index.outbox.conftest import Time
from tests.index.outbox.remote import REFUSED, FileRemote
from tests.index.outbox.test_letters import text


def wait(backend: OutboxBackend, remote: FileRemote, *numbers: int) -> None:
    """Put articles in while the index is down."""
    remote.script("down")
    backend.put([text(number) for number in numbers])
    remote.unscript("down")


def test_a_stored_document_that_cannot_be_read_holds_up_no_other_article(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("unreadable.txt", [text(1).id])
    wait(backend, remote, 1, 2, 3)
    backend.wake()
    drained = backend.drain(30)
    assert (drained.sent, drained.refused, drained.left) == (2, 1, 0)
    reason = backend.outbox.dead.reason(text(1).id, text(1).content_hash)
    assert reason == f"cannot be sent: document {text(1).id}: title: Field required"


def test_an_index_that_cannot_write_refuses_no_article(
    backend: OutboxBackend, remote: FileRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(batch: object) -> list[object]:
        raise IndexWriteError("the disk is full")

    monkeypatch.setattr(remote, "deliver", full)
    with pytest.raises(IndexWriteError):
        backend.put([text(1)])
    assert (backend.outbox.letters.count(), backend.outbox.dead.count()) == (1, 0)


def test_a_refused_state_holds_up_no_article_and_no_other_state(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("states.txt", ["site:a"])
    backend.put_state("site:a", {"n": 1})
    backend.put_state("site:b", {"n": 2})
    assert remote.get_state("site:b") == {"n": 2}
    assert backend.put([text(1)]) == ["indexed"]
    drained = backend.drain(30)
    assert (drained.left, time.slept) == (1, []), "it is not waited for: it would be refused again"
    assert drained.reason == "state site:a: Elasticsearch refuses the request (413): an HTML page"
    remote.unscript("states.txt")
    backend.drain(0)
    assert remote.get_state("site:a") == {}, "left alone for a while"
    backend.wake()
    assert backend.drain(0).left == 0
    assert remote.get_state("site:a") == {"n": 1}


def test_a_state_begun_without_the_index_takes_nothing_from_it(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.put_state("site:a", {"visits": {"left": 1, "both": 1}, "hold": "noon"})
    remote.put_state("site:known", {"visits": {"left": 1}})
    assert backend.get_state("site:known")["visits"] == {"left": 1}
    remote.script("down")
    assert backend.get_state("site:a") == {}
    backend.put_state("site:a", {"visits": {"new": 2, "both": 2}, "hold": None})
    backend.put_state("site:known", {"visits": {}})
    remote.unscript("down")
    backend.wake()
    assert backend.drain(0).left == 0
    expected = {"visits": {"left": 1, "both": 2, "new": 2}, "hold": None}
    assert remote.get_state("site:a") == backend.get_state("site:a") == expected
    remote.script("down")
    assert backend.get_state("site:a") == expected, "the copy has it too"
    remote.unscript("down")
    assert remote.get_state("site:known") == {"visits": {}}, "what was visited since is not brought back"


def test_what_put_sends_besides_its_batch_is_told(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    wait(backend, remote, 1, 2, 3)
    remote.script("refused.txt", [text(2).id])
    time.now += 400
    told: list[Sent] = []
    backend.told = told.extend
    assert backend.put([text(1, 2), text(4)]) == ["revised", "indexed"]
    assert told == [
        Sent(text(1).id, text(1).content_hash, "indexed"),
        Sent(text(2).id, text(2).content_hash, "refused", REFUSED),
        Sent(text(3).id, text(3).content_hash, "indexed"),
    ]
