"""One document that the index refuses: all others are stored, it is kept with the server's reason."""

from __future__ import annotations

from contextlib import closing

import pytest

from index.engine import open_index
from index.outbox.backend import OutboxBackend
from tests.crawler.demo.expected import EXPECTED
from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import Newsroom
from tests.make import make_article
from tests.nodes.engines import Engine

BULK = 500
POISON = 1_000_000  # minutes: the mapping has a short for it


def test_one_of_a_bulk_of_500(
    es: Engine, open_newsroom: OpenNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom: Newsroom = open_newsroom(es.access, es.major)
    for name, value in newsroom.environment.items():
        monkeypatch.setenv(name, value)
    batch = [make_article(title=f"Новость {number}") for number in range(BULK)]
    batch[250] = make_article(title="Новость без пояса", published_offset=POISON)
    with closing(open_index(es.url)) as backend:
        assert isinstance(backend, OutboxBackend)
        answers = backend.put(batch)
        (dead,) = backend.outbox.dead.all()
    assert [number for number, answer in enumerate(answers) if answer != "indexed"] == [250]
    assert (answers[250], dead.article_id) == ("refused", batch[250].id)
    assert "published_offset" in dead.reason
    assert "1000000" in dead.reason
    status = newsroom.svodka("status")
    assert (status.code, dead.reason[:100] in status.out) == (1, True)
    again = newsroom.svodka("index", "replay", "--dead")
    assert (again.code, "0 articles sent, 1 refused, 0 left to send" in again.out) == (1, True)
    with closing(newsroom.outbox()) as outbox:
        (still,) = outbox.dead.all()
    assert (still.article_id, still.reason) == (dead.article_id, dead.reason)
    assert still.died > dead.died
    account = newsroom.account
    account.found, account.indexed, account.dead, account.attempts = BULK, BULK - 1, 1, still.attempts
    account.recovered, account.notes = newsroom.stored(), "what the mapping refuses cannot be mended"
    assert account.recovered == BULK - 1
    assert newsroom.svodka("index", "check").code == 0


def test_refused_until_mended(es: Engine, open_newsroom: OpenNewsroom, index_name: str) -> None:
    """A pipeline of the cluster's keeper fails on one article; when it is taken away, `--dead` brings that one."""
    newsroom = open_newsroom(es.access, es.major)
    assert newsroom.svodka("index", "init").code == 0
    url = EXPECTED["first"]["links"]["ural-vestnik.example"]["indexed"][0]
    script = f"if (ctx.url == '{url}') {{ throw new IllegalArgumentException('not in our archive') }}"
    articles = f"{index_name}-articles-v*"
    with es.client() as client:
        client.ingest.put_pipeline(id=index_name, processors=[{"script": {"source": script}}])
        client.indices.put_settings(index=articles, settings={"index.final_pipeline": index_name})
        done = newsroom.crawl()
        assert done.code == 3
        assert "1 article refused and kept as dead letters" in done.err
        assert "svodka index replay --dead" in done.err
        assert "not in our archive" in newsroom.svodka("status").out
        newsroom.account.note_first(newsroom, newsroom.waiting())
        assert (newsroom.account.dead, newsroom.outcomes()["failed"]) == (1, 1)
        client.indices.put_settings(index=articles, settings={"index.final_pipeline": "_none"})
        client.ingest.delete_pipeline(id=index_name)
    assert newsroom.svodka("index", "replay", "--dead").code == 0
    newsroom.assert_whole("first")
