"""Analysing anew what is stored, in place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.backend import BackendError, IndexUnreachable
from index.elastic import rebuild
from index.elastic.backend import ElasticBackend
from index.elastic.schema import mapping
from index.search.parse import parse
from index.settings import ElasticSettings
from tests.index.elastic.loopback import answering, elastic, fault, html
from tests.index.elastic.older import make_older
from tests.index.elastic.writer import FAMILY, article, family_edges
from tests.make import NOON
from tests.nodes.engines import Engine as Node

ARTICLES = [article("a", number) for number in range(FAMILY)]


@pytest.fixture
def backend(es: Node) -> Iterator[ElasticBackend]:
    """Linked articles in an index that makes no terms of words as written."""
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        make_older(backend.engine)
        backend.put(ARTICLES)
        backend.link([(each.id, each.judged_hash) for each in ARTICLES], family_edges(ARTICLES))
        yield backend


def test_terms_of_a_field_that_came_later_are_made(backend: ElasticBackend) -> None:
    written = parse("движени*", now=NOON)
    engine = backend.engine
    properties = mapping("articles")["properties"]
    for name in ("title", "lead", "body"):  # fields within a field may be added while an index is in use
        properties[name]["analyzer"] = "news"
    engine.cluster.ask(
        engine.cluster.es.indices.put_mapping,
        index=engine.names.articles,
        properties={name: properties[name] for name in ("title", "lead", "body")},
    )
    assert backend.search(written).total == 0
    before = backend.get(each.id for each in ARTICLES)
    assert backend.rebuild_text() == len(ARTICLES)
    assert backend.search(written).total == 1
    assert backend.get(before) == before
    assert backend.pending(9) == []


def test_nothing_stored(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        backend.require_ready(create=True)
        assert backend.rebuild_text() == 0


def task(completed: bool, **more: object) -> dict[str, object]:
    return {"completed": completed, "task": {"status": {"total": 2}}, **more}


DONE = elastic(task(True, response={"failures": [], "total": 2}))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "POLLS", ())
    monkeypatch.setattr(rebuild, "sleep", lambda seconds: None)


@pytest.mark.usefixtures("quick")
class TestWaiting:
    """For a task of the server, whose answers are written down here."""

    def test_server_that_does_not_answer_for_a_while_goes_on_with_its_work(self) -> None:
        told: list[object] = []
        busy = fault("circuit_breaking_exception", "too large", 429)
        with (
            answering([elastic(task(False)), *[busy] * 5, html(503), DONE]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
        ):
            account = rebuild.finished(backend.engine, "n:1", told.append)
        assert account["total"] == 2
        assert told == [{"total": 2}] * 2

    def test_server_that_never_answers_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rebuild, "PATIENCE", 5)
        with (
            answering([elastic(task(False)), fault("x", "no", 503)]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
            pytest.raises(IndexUnreachable, match=r"is busy \(503\): no"),
        ):
            rebuild.finished(backend.engine, "n:1")

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            (fault("resource_not_found_exception", "task isn't running", 404), "the node that was at work on it has gone"),
            (elastic(task(True, error={"type": "x", "reason": "no space"})), "the server gave up: no space"),
            (
                elastic(task(True, response={"failures": [{"id": "7", "cause": {
                    "reason": "cannot be parsed", "caused_by": {"reason": "out of range"}}}], "total": 1})),
                r"1 documents failed, the first \(7\): out of range",
            ),
            (
                elastic(task(True, response={"failures": [{"reason": {"reason": "shard is gone"}}], "total": 1})),
                r"1 documents failed, the first \(None\): shard is gone",
            ),
        ],
    )  # fmt: skip
    def test_task_that_failed(self, reply: object, reason: str) -> None:
        with (
            answering([elastic({"version": {}}), reply]) as address,  # type: ignore[list-item]  # a Reply
            ElasticBackend.at(address, ElasticSettings()) as backend,
        ):
            backend.engine.cluster.ask(backend.engine.cluster.es.info)  # it is Elasticsearch
            with pytest.raises(BackendError, match=reason):
                rebuild.finished(backend.engine, "n:1")
