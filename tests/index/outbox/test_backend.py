from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import IndexUnavailable, IndexUnreachable, IndexWriteError
from index.outbox.backend import OutboxBackend
from index.outbox.letters import Room
from index.outbox.remote import Delivery
from index.outbox.sender import Sent
from index.outbox.store import Outbox, outbox_path
from index.search.query import Query
from index.settings import OutboxSettings
from tests.index.outbox.conftest import Time
from tests.index.outbox.remote import REFUSED, FileRemote
from tests.index.outbox.test_letters import text
from tests.make import NOON, digest


def everywhere(backend: OutboxBackend, remote: FileRemote, *articles: Article) -> None:
    """Each of these articles is in the index, and nothing waits."""
    assert remote.get(article.id for article in articles).keys() == {article.id for article in articles}
    assert backend.outbox.letters.count() == 0


def test_an_index_that_answers_has_it_at_once(backend: OutboxBackend, remote: FileRemote) -> None:
    assert backend.put([text(1), text(2)]) == ["indexed", "indexed"]
    assert backend.put([text(1, 2), text(2), text(3)]) == ["revised", "unchanged", "indexed"]
    assert backend.put([]) == []
    everywhere(backend, remote, text(1), text(2), text(3))
    assert backend.check().faults == []
    assert backend.search(Query(copies=True)).total == 3


def test_one_batch_may_hold_several_texts_of_an_article(backend: OutboxBackend, remote: FileRemote) -> None:
    assert backend.put([text(1, 1), text(1, 2), text(1, 3)]) == ["indexed", "revised", "revised"]
    assert [each.body for each in backend.revisions(text(1).id)] == ["Текст 1.", "Текст 2."]


def test_what_waits_is_sent_before_newer_texts_and_the_backlog_after(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("down")
    assert backend.put([text(1), text(2)]) == ["waiting", "waiting"]
    assert backend.put([text(1, 2)]) == ["waiting"]
    remote.unscript("down")
    time.now += 400
    assert backend.put([text(1, 3), text(3)]) == ["revised", "indexed"]
    order = [text(1), text(3), text(1, 2), text(1, 3), text(2)]
    assert remote.delivered() == [(each.id, each.content_hash) for each in order]
    everywhere(backend, remote, text(1), text(2), text(3))


def test_an_index_that_is_down_is_left_alone_ever_longer(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("down")
    tried = []
    for number in range(600):
        before = remote.calls
        assert backend.put([text(number)]) == ["waiting"]
        if remote.calls > before:
            tried.append(time.now)
        time.now += 1
    gaps = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert gaps == [2, 4, 8, 16, 32, 64, 128, 256]
    assert backend.outbox.letters.count() == 600


def test_all_processes_on_the_machine_hold_back(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    other = OutboxBackend(remote, Outbox(backend.outbox.path), clock=time, draw=lambda: 0.5)
    remote.script("down")
    backend.put([text(1)])
    before = remote.calls
    assert other.put([text(2)]) == ["waiting"]
    assert remote.calls == before
    other.outbox.close()


def test_the_server_says_how_long_to_wait(backend: OutboxBackend, remote: FileRemote, time: Time) -> None:
    remote.script("down")
    remote.retry_after = 120.0
    backend.put([text(1)])
    remote.unscript("down")
    time.now += 119
    assert backend.put([text(2)]) == ["waiting"]
    time.now += 1
    assert backend.put([text(3)]) == ["indexed"]
    everywhere(backend, remote, text(1), text(2), text(3))


def test_an_index_that_is_full_is_read_and_not_written(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    backend.put([text(1)])
    remote.script("full")
    assert backend.put([text(2)]) == ["waiting"]
    before = remote.calls
    assert backend.put([text(3)]) == ["waiting"]
    assert remote.calls == before
    assert set(backend.known([text(1).id, text(2).id, text(9).id])) == {text(1).id, text(2).id}
    assert remote.calls == before + 1
    remote.unscript("full")
    assert backend.put([text(4)]) == ["waiting"], (
        "that it answers questions does not mean that it takes articles"
    )
    time.now += 3
    assert backend.put([text(5)]) == ["indexed"]


def test_one_article_that_is_put_off_holds_up_no_other(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("later.txt", [text(1).id])
    assert backend.put([text(1), text(2)]) == ["waiting", "indexed"]
    assert backend.put([text(1, 2), text(3)]) == ["waiting", "indexed"]
    remote.unscript("later.txt")
    time.now += 10
    assert backend.put([text(4)]) == ["indexed"]
    time.now += 10
    assert backend.put([text(1, 3)]) == ["revised"]
    assert [each.body for each in remote.revisions(text(1).id)] == ["Текст 1.", "Текст 2."]


def test_what_is_put_off_together_is_sent_together_again(
    remote: FileRemote, outbox: Outbox, time: Time
) -> None:
    draws = itertools.cycle([0.9, 0.1, 0.6])
    backend = OutboxBackend(remote, outbox, clock=time, sleep=time.sleep, draw=lambda: next(draws))
    batch = [text(1), text(2), text(3)]
    remote.script("later.txt", [each.id for each in batch])
    assert backend.put(batch) == ["waiting"] * 3
    moments = {row[0] for row in outbox.file.rows("SELECT next_try FROM waiting")}
    assert len(moments) == 1


def test_a_refused_article_is_a_dead_letter_with_the_servers_reason(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("refused.txt", [text(1).id])
    assert backend.put([text(1), text(2)]) == ["refused", "indexed"]
    assert backend.outbox.dead.reason(text(1).id, text(1).content_hash) == REFUSED
    assert backend.outbox.dead.reason(text(1).id, text(1, 2).content_hash) == ""
    assert backend.known([text(1).id]) == {}
    remote.unscript("refused.txt")
    assert backend.outbox.dead.revive() == 1
    assert backend.drain(0).sent == 1
    everywhere(backend, remote, text(1), text(2))


def test_an_article_over_which_the_engine_stumbles_takes_no_other_with_it(
    backend: OutboxBackend, remote: FileRemote, caplog: pytest.LogCaptureFixture
) -> None:
    remote.script("faulty.txt", [text(2).id])
    stored = backend.put([text(1), text(2), text(3)])
    assert stored == ["unchanged", "refused", "indexed"], "the first was stored before the fault came"
    assert "a fault made for this test" in backend.outbox.dead.reason(text(2).id, text(2).content_hash)
    assert "one by one" in caplog.text


def test_a_letter_of_another_version_is_kept_as_dead(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("down")
    backend.put([text(1), text(2)])
    with backend.outbox.file.write() as connection:
        connection.execute("UPDATE waiting SET z = x'ffff' WHERE article_id = ?", (text(1).id,))
    remote.unscript("down")
    backend.wake()
    assert (backend.drain(0).refused, backend.outbox.dead.count()) == (1, 1)
    everywhere(backend, remote, text(2))


def test_wrong_credentials_are_raised_and_the_articles_wait(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("denied")
    with pytest.raises(IndexUnavailable, match="revoked"):
        backend.put([text(1)])
    assert backend.outbox.letters.among([text(1).id]) == {text(1).id}
    remote.unscript("denied")
    assert backend.put([text(2)]) == ["indexed"]
    everywhere(backend, remote, text(1), text(2))


def test_what_fails_in_the_backlog_takes_no_answer_from_the_batch(
    backend: OutboxBackend, remote: FileRemote, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.script("down")
    backend.put([text(1)])
    remote.unscript("down")
    time.now += 10
    deliver = remote.deliver

    def revoked_after_the_first(batch: Sequence[Article]) -> list[Delivery]:
        deliveries = deliver(batch)
        remote.script("denied")
        return deliveries

    monkeypatch.setattr(remote, "deliver", revoked_after_the_first)
    assert backend.put([text(2)]) == ["indexed"]
    assert backend.outbox.letters.among([text(1).id, text(2).id]) == {text(1).id}
    with pytest.raises(IndexUnavailable, match="revoked"):
        backend.put([text(3)])


def test_a_fingerprint_value_that_no_engine_takes_is_refused_before_it_waits(backend: OutboxBackend) -> None:
    with pytest.raises(ValueError, match="16 hex digits"):
        backend.put([text(1), text(2, fingerprint=["xyz"])])
    assert backend.outbox.letters.count() == 0


def test_a_full_outbox_is_raised_and_nothing_is_sent(remote: FileRemote, outbox: Outbox) -> None:
    outbox.letters.limit_bytes = 1
    with pytest.raises(IndexWriteError, match="svodka index replay"):
        OutboxBackend(remote, outbox).put([text(1)])
    assert remote.delivered() == []


def test_known_joins_what_is_stored_and_what_waits(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    stored = text(1, link_ids=[digest("link")])
    backend.put([stored])
    remote.script("down")
    backend.put([text(1, 30, first_seen_at=NOON + timedelta(hours=9)), text(2, link_ids=[digest("two")])])
    remote.unscript("down")
    for now in (time.now, time.now + 60):
        time.now = now
        found = backend.known([digest("link"), digest("two"), digest("none"), stored.id])
        assert {id: known.id for id, known in found.items()} == {
            digest("link"): stored.id, digest("two"): text(2).id, stored.id: stored.id,
        }  # fmt: skip
        assert found[digest("link")].fetched_at == NOON + timedelta(minutes=30)
        assert found[digest("link")].first_seen_at == NOON


def test_without_an_answer_what_waits_here_is_known_and_young(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    backend.put([text(1)])
    remote.script("down")
    backend.put([text(2), text(3, 5)])
    assert set(backend.known([text(1).id, text(2).id])) == {text(2).id}
    assert [known.id for known in backend.young("example.org", NOON)] == [text(2).id, text(3).id]


def test_an_own_id_leads_to_the_article_itself(backend: OutboxBackend, remote: FileRemote) -> None:
    backend.put([text(1, link_ids=[text(2).id])])
    assert backend.known([text(2).id])[text(2).id].id == text(1).id
    remote.script("down")
    backend.put([text(2)])
    remote.unscript("down")
    backend.outbox.pauses.ended("read")
    assert backend.known([text(2).id])[text(2).id].id == text(2).id


def test_get_and_revisions_before_and_after_the_index_has_the_article(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    backend.put([text(1), text(3)])
    remote.script("down")
    backend.put([text(1, 2), text(2, 1), text(2, 2), text(2, 2), text(2, 3)])
    assert backend.get([text(2).id])[text(2).id].revision == 3
    with pytest.raises(IndexUnreachable):
        backend.get([text(2).id, text(3).id])
    remote.unscript("down")
    time.now += 10
    found = backend.get([text(9).id, text(2).id, text(1).id])
    assert list(found) == [text(2).id, text(1).id]
    assert found[text(1).id].body == "Текст 1.", "what is stored is answered as it is stored"
    assert [each.body for each in backend.revisions(text(2).id)] == ["Текст 1.", "Текст 2."]
    assert backend.revisions(text(1).id) == []
    time.now += 10
    backend.drain(0)
    assert [each.body for each in backend.revisions(text(2).id)] == ["Текст 1.", "Текст 2."]
    assert [each.body for each in backend.revisions(text(1).id)] == ["Текст 1."]


def test_what_linking_asks_is_told_at_once_that_the_index_is_away(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("down")
    with pytest.raises(IndexUnreachable, match="connection refused"):
        backend.pending(10)
    before = remote.calls
    with pytest.raises(IndexUnreachable, match="connection refused"):
        backend.edges([text(1).id])
    assert remote.calls == before


def test_what_people_ask_is_always_tried_and_ends_the_pause(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    remote.script("down")
    assert backend.known([text(1).id]) == {}
    with pytest.raises(IndexUnreachable):
        backend.story(text(1).id)
    remote.unscript("down")
    assert backend.story(text(1).id) == []
    assert backend.outbox.pauses.all() == []


def test_state_survives_an_index_that_is_away(backend: OutboxBackend, remote: FileRemote, time: Time) -> None:
    backend.put_state("site:a", {"n": 1})
    remote.script("down")
    assert backend.get_state("site:a") == {"n": 1}
    backend.put_state("site:a", {"n": 2})
    backend.put_state("site:b", {"n": 1})
    assert backend.get_state("site:a") == {"n": 2}
    remote.unscript("down")
    assert backend.get_state("site:a") == {"n": 2}
    assert backend.outbox.states.dirty() == 2
    time.now += 60
    backend.put([text(1)])
    assert [remote.get_state(key) for key in ("site:a", "site:b")] == [{"n": 2}, {"n": 1}]
    assert backend.outbox.states.dirty() == 0


def test_the_state_that_another_machine_wrote_is_read_and_remembered(
    backend: OutboxBackend, remote: FileRemote
) -> None:
    assert backend.get_state("site:a") == {}
    remote.put_state("site:a", {"n": 1})
    assert backend.get_state("site:a") == {"n": 1}
    remote.script("down")
    assert backend.get_state("site:a") == {"n": 1}


def test_drain_sends_all_and_tells_what_became_of_it(backend: OutboxBackend, remote: FileRemote) -> None:
    remote.script("down")
    backend.put([text(number) for number in range(450)])
    backend.put_state("site:a", {"n": 1})
    remote.unscript("down")
    remote.script("refused.txt", [text(7).id])
    told: list[Sent] = []
    backend.wake()
    drained = backend.drain(30, told.extend)
    assert (drained.sent, drained.refused, drained.left, drained.reason) == (449, 1, 0, "")
    assert {(each.article_id, each.content_hash, each.answer, each.reason) for each in told} == {
        (text(n).id, text(n).content_hash, *(("refused", REFUSED) if n == 7 else ("indexed", "")))
        for n in range(450)
    }
    assert backend.drain(30) == type(drained)()


def test_drain_waits_as_long_as_its_patience_and_no_longer(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("down")
    backend.put([text(1)])
    began = time.now
    drained = backend.drain(30)
    assert (drained.sent, drained.left, drained.reason) == (0, 1, "connection refused")
    assert time.slept == pytest.approx([2, 4, 8, 16], rel=0.01)
    assert time.now - began <= 30
    assert backend.drain(0).left == 1


def test_drain_goes_on_when_the_index_comes_back_meanwhile(
    remote: FileRemote, outbox: Outbox, time: Time
) -> None:
    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.slept) == 3:
            remote.unscript("down")

    backend = OutboxBackend(remote, outbox, clock=time, sleep=sleep, draw=lambda: 0.5)
    remote.script("down")
    backend.put([text(1)])
    assert backend.drain(30).left == 0
    assert len(time.slept) == 3


def test_drain_tries_a_last_time_when_the_pause_is_longer_than_its_patience(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    remote.script("down")
    backend.put([text(1)])
    backend.drain(30)
    remote.unscript("down")
    began = time.now
    assert backend.drain(10).left == 0
    assert time.now - began == pytest.approx(10, abs=0.1)


def test_drain_has_an_end_though_all_goes_well(
    remote: FileRemote, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count(1_790_000_000)
    backend = OutboxBackend(remote, outbox, clock=lambda: float(next(ticks)))
    backend.outbox.letters.add([text(number) for number in range(500)], 0.0)
    drained = backend.drain(5, longest=5)
    assert (drained.sent, drained.left) == (Room().rows, 300)


def test_drain_waits_for_what_a_killed_process_had_claimed(
    backend: OutboxBackend, remote: FileRemote, time: Time
) -> None:
    backend.outbox.letters.add([text(1)], time.now, owner="killed")
    assert backend.drain(30).left == 1
    assert backend.drain(90).sent == 1
    everywhere(backend, remote, text(1))


def test_the_outbox_is_named_after_the_index_and_holds_no_credentials(
    tmp_path: Path, remote: FileRemote
) -> None:
    settings = OutboxSettings(folder=tmp_path, limit_mb=3, patience=7)
    backend = OutboxBackend.at(remote, "https://user:secret@Es.Example.org/path/x", "news", settings)
    assert backend.outbox.path == tmp_path / "es.example.org-443-path-x-news.db"
    assert (backend.outbox.letters.limit_bytes, backend.patience) == (3 << 20, 7)
    assert list(tmp_path.glob("*.db")) == []
    other = OutboxBackend.at(remote, "http://[::1]:9200", "../x", settings)
    assert other.outbox.path.parent == tmp_path
    backend.outbox.close()


def test_whoever_only_searches_opens_no_outbox(backend: OutboxBackend, remote: FileRemote) -> None:
    remote.deliver([text(1)])
    assert backend.search(Query()).total == 1
    assert backend.story(text(1).id)[0].id == text(1).id
    assert set(backend.get([text(1).id, text(2).id])) == {text(1).id}
    assert backend.revisions(text(1).id) == []
    assert backend.stats()["articles"] == 1
    assert not backend.outbox.path.parent.exists()


def test_an_index_that_is_away_when_opened_is_made_ready_before_its_first_answer(
    tmp_path: Path, remote: FileRemote
) -> None:
    asked: list[bool] = []

    def ready() -> None:
        asked.append((remote.folder / "down").exists())
        remote.stats()

    def opened() -> OutboxBackend:
        return OutboxBackend.at(
            remote, "https://es.example.org", "news", OutboxSettings(folder=tmp_path), ready
        )

    remote.script("down")
    with suppress(IndexUnreachable):
        opened().pending(1)
    before = remote.calls
    backend = opened()
    assert backend.put([text(1)]) == ["waiting"]
    assert remote.calls == before, "the next to open it does not wait for it again"
    remote.unscript("down")
    backend.wake()
    asked.clear()
    assert backend.put([text(2)]) == ["indexed"]
    assert backend.put([text(3)]) == ["indexed"]
    assert asked == [False]
    backend.outbox.close()


def test_an_index_that_cannot_be_made_ready_is_told_and_takes_nothing(
    tmp_path: Path, remote: FileRemote
) -> None:
    def newer() -> None:
        raise IndexUnavailable("the index has a newer version: install a newer Svodka")

    settings = OutboxSettings(folder=tmp_path)
    with pytest.raises(IndexUnavailable, match="newer version"):
        OutboxBackend.at(remote, "https://es.example.org", "news", settings, newer)
    assert remote.delivered() == []


def test_one_outbox_for_all_addresses_of_a_cluster(tmp_path: Path) -> None:
    one = outbox_path(tmp_path, "https://b.example:9200, https://a.example:9200", "news")
    assert one == outbox_path(tmp_path, "https://a.example:9200,https://b.example:9200", "news")
    assert one.name == "a.example-9200-news.db"
