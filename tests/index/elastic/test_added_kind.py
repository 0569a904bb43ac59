"""An index that an earlier Svodka made, before run records were kept: searched at once, upgraded when somebody does."""

from __future__ import annotations

import pytest

from index.backend import IndexUnreachable
from index.elastic.backend import ElasticBackend
from index.elastic.schema import Names
from index.elastic.upgrade import upgrade
from index.search.parse import parse
from index.settings import ElasticSettings
from tests.make import NOON, make_article, make_run
from tests.nodes.engines import Engine as Node


def test_an_index_without_a_kind_that_was_added_since_is_searched_and_then_upgraded(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        backend.require_ready(create=True)
        backend.put([make_article()])
        engine = backend.engine
        engine.cluster.ask(engine.cluster.es.indices.delete, index=engine.names.index("runs"))
        backend.require_ready(create=True)
        assert backend.search(parse("", now=NOON, copies=True)).total == 1
        with pytest.raises(IndexUnreachable, match="run 'svodka index upgrade'"):
            backend.put_run(make_run())
        assert list(upgrade(engine)) == []
        backend.put_run(make_run())
        assert backend.last_runs() == {"a.example": make_run()}
        backend.require_ready(create=False)
        assert backend.outdated == ""


def test_runs_have_a_name_of_their_own_beside_news() -> None:
    assert Names("news").alias("runs") == "svodka-runs"
    assert Names("desk").alias("runs") == "desk-runs"
    assert {Names("news").index("runs"), Names("news").alias("articles")} == {"news-runs-v1", "news-all"}
