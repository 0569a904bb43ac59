"""Carrying an index over to another version: everything, once, while it is in use, and after every kill."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.article import Article
from index.backend import BackendError, Edge, IndexUnavailable, IndexUnreachable
from index.elastic import labels, lifecycle
from index.elastic.backend import ElasticBackend
from index.elastic.client import Missing
from index.elastic.engine import Engine
from index.elastic.labels import complete_labels
from index.elastic.schema import KINDS, VERSIONS
from index.elastic.turn import only_upgrade
from index.elastic.upgrade import Carried, upgrade
from index.search.parse import parse
from index.settings import ElasticSettings
from tests.index.elastic.older import COPY_TIMES, documents, holders, make_older, take_back_to_version_1
from tests.index.elastic.writer import FAMILY, article, family_edges
from tests.make import NOON, make_run
from tests.nodes.cluster import Cluster
from tests.nodes.engines import Engine as Node

ROOT = Path(__file__).parents[3]
ARTICLES = [article("a", number) for number in range(3 * FAMILY)]


@pytest.fixture
def backend(es: Node) -> Iterator[ElasticBackend]:
    """An index of an older version with stories, a revision, a withdrawn pair, a mark and state."""
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        make_older(backend.engine)
        fill(backend)
        backend.engine.refresh("articles")
        yield backend


@pytest.fixture
def engine(backend: ElasticBackend) -> Engine:
    return backend.engine


def fill(backend: ElasticBackend) -> None:
    backend.put(ARTICLES)
    linked = [(each.id, each.judged_hash) for each in ARTICLES]
    backend.link(linked, family_edges(ARTICLES))
    revised = article("a", 1, turn=1)
    backend.put([revised])
    (a, b) = sorted((ARTICLES[0], ARTICLES[4]), key=lambda each: each.id)
    backend.link([], [Edge(a.id, b.id, False, "test", a.judged_hash, b.judged_hash)])
    backend.put_state("site:ria.ru", {"etag": "x"})
    backend.put_run(make_run())


def everything(engine: Engine) -> dict[str, dict[str, dict[str, Any]]]:
    return {kind: documents(engine, kind) for kind in KINDS}


def carry(engine: Engine) -> list[Carried]:
    return list(upgrade(engine))


def test_everything_is_carried_over_and_the_old_dropped(backend: ElasticBackend, engine: Engine) -> None:
    before = everything(engine)
    assert [len(before[kind]) for kind in KINDS] == [12, 1, 10, 1, 1, 1]
    carried = carry(engine)
    base = engine.names.base
    assert carried == [
        Carried(engine.names.index(kind, 0), engine.names.index(kind), len(before[kind])) for kind in KINDS
    ]
    assert everything(engine) == before
    assert holders(engine) == {
        alias: [engine.names.index(kind)] for kind in KINDS for alias in engine.names.aliases(kind)
    }
    assert sorted(engine.cluster.es.indices.get(index=f"{base}-*")) == sorted(
        engine.names.index(kind) for kind in KINDS
    )
    backend.require_ready(create=False)
    assert backend.check().faults == []
    assert carry(engine) == []


def test_words_are_found_as_the_new_version_analyses_them(backend: ElasticBackend, engine: Engine) -> None:
    inflected = parse("мост", now=NOON)
    beginning = parse("движен*", now=NOON)
    assert backend.search(inflected).total == backend.search(beginning).total == 0
    carry(engine)
    assert backend.search(inflected).total == backend.search(beginning).total == 4


def test_marks_are_those_of_the_old_index(es: Node, engine: Engine) -> None:
    """Of an earlier try that was broken off marks may be there that were taken off since."""
    lifecycle.create(engine, "pending", aliases=False)
    for id in (ARTICLES[1].id, ARTICLES[5].id):
        engine.cluster.ask(
            engine.cluster.es.index,
            index=engine.names.index("pending"),
            id=id,
            document={"judged": "outdated", "stored": 1},
            refresh=True,
        )
    before = documents(engine, "pending")
    assert list(before) == [ARTICLES[1].id]
    carry(engine)
    assert documents(engine, "pending") == before
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        (stored,) = backend.get([ARTICLES[1].id]).values()
        backend.link([(stored.id, stored.judged_hash)], [])
        assert backend.pending(9) == []


def test_several_shards(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix, shards=3)) as backend:
        make_older(backend.engine)
        fill(backend)
        before = everything(backend.engine)
        carry(backend.engine)
        assert everything(backend.engine) == before
        assert backend.check().faults == []


def test_progress_is_told(engine: Engine) -> None:
    told: list[tuple[str, int, int]] = []
    list(upgrade(engine, lambda *each: told.append(each)))
    assert {index for index, _, _ in told} == {engine.names.index(kind) for kind in KINDS}
    assert (engine.names.index("articles"), 12, 12) in told


def test_document_that_the_new_mapping_refuses_stops_it_and_changes_nothing(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        engine = backend.engine
        make_older(engine, published_offset={"type": "integer"})
        fill(backend)
        refused = article("a", 99).model_copy(update={"published_offset": 1_000_000})
        backend.put([refused])
        before = everything(engine)
        with pytest.raises(BackendError, match=rf"1 documents failed, the first \({refused.id}\): .*short"):
            carry(engine)
        assert everything(engine) == before
        assert holders(engine)[engine.names.articles] == [engine.names.index("articles", 0)]
        assert backend.put([article("a", 100)]) == ["indexed"]
        backend.link([], [])
        assert backend.search(parse("Движение", now=NOON)).hits


def test_counts_that_differ_change_nothing(backend: ElasticBackend, engine: Engine) -> None:
    lifecycle.create(engine, "articles", aliases=False)
    stray = engine.names.index("articles")
    engine.cluster.ask(engine.cluster.es.index, index=stray, id="x", document={"title": "Ёлка"})
    with pytest.raises(BackendError, match=r"has 13 documents and .* has 12: nothing was changed over"):
        carry(engine)
    assert holders(engine)[engine.names.articles] == [engine.names.index("articles", 0)]
    assert backend.put([article("a", 100)]) == ["indexed"]
    engine.cluster.ask(engine.cluster.es.delete, index=stray, id="x", refresh=True)
    carry(engine)
    assert backend.check().faults == []


def test_index_that_is_closed_for_writing_says_so(backend: ElasticBackend, engine: Engine) -> None:
    engine.cluster.ask(engine.cluster.es.indices.add_block, index=engine.names.articles, block="write")
    with pytest.raises(IndexUnreachable, match="takes no writes just now"):
        backend.put([article("a", 100)])
    carry(engine)
    assert backend.put([article("a", 100)]) == ["indexed"]


def test_old_index_that_has_more_is_kept(backend: ElasticBackend, engine: Engine) -> None:
    carry(engine)
    old = engine.names.index("edges", 0)
    engine.cluster.ask(engine.cluster.es.indices.create, index=old)
    for number in range(11):
        engine.cluster.ask(engine.cluster.es.index, index=old, id=str(number), document={"a": "b"})
    with pytest.raises(BackendError, match=r"has more documents than .*: it is kept"):
        carry(engine)
    assert engine.cluster.es.indices.exists(index=old)


def test_nothing_there_and_newer(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        with pytest.raises(Missing, match="'svodka index init' makes it"):
            carry(backend.engine)
        make_older(backend.engine, "articles", "revisions", "edges", "pending")
        newer = backend.engine.names.index("state", 7)
        aliases = backend.engine.names.aliases("state")
        backend.engine.cluster.ask(backend.engine.cluster.es.indices.create, index=newer, aliases=aliases)
        with pytest.raises(IndexUnavailable, match="newer Svodka"):
            carry(backend.engine)
        assert lifecycle.found_versions(backend.engine)["articles"] == [0]


def test_alias_for_searches_that_is_missing_is_made(engine: Engine) -> None:
    engine.cluster.ask(
        engine.cluster.es.indices.delete_alias,
        index=engine.names.index("articles", 0),
        name=engine.names.canonical,
    )
    carry(engine)
    lifecycle.require_ready(engine)


class TestFromVersion1:
    """Articles of which the stories lack the times of their first and last copy."""

    @pytest.fixture
    def backend(self, es: Node) -> Iterator[ElasticBackend]:
        """The same index as above in the current version, the articles then taken back."""
        with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
            lifecycle.init(backend.engine)
            fill(backend)
            self.before = everything(backend.engine)
            take_back_to_version_1(backend.engine)
            yield backend

    def test_before_the_upgrade_it_is_read_and_found_sound(self, backend: ElasticBackend) -> None:
        old = documents(backend.engine, "articles")
        assert len(old) == len(ARTICLES)
        assert not any(name in source for source in old.values() for name in COPY_TIMES)
        assert backend.check().faults == []
        (hit, *_) = backend.search(parse("Движение", now=NOON, sort="copies")).hits
        assert (hit.copies, hit.first_copy_at) == (3, None)
        backend.require_ready(create=False)
        with pytest.raises(IndexUnreachable, match="run 'svodka index upgrade'"):
            backend.put([article("a", 100)])

    def test_labels_are_right_afterwards(self, backend: ElasticBackend, engine: Engine) -> None:
        told: list[tuple[str, int, int]] = []
        assert [each.new for each in carry(engine)] == [engine.names.index("articles")]
        republished = sum(source["copies"] > 0 for source in self.before["articles"].values())
        assert republished == 3
        assert complete_labels(engine, lambda *each: told.append(each)) == republished
        assert told == [("labels", republished, republished)]
        after = documents(engine, "articles")
        for id, source in self.before["articles"].items():
            assert {name: after[id].get(name) for name in COPY_TIMES} == {
                name: source[name] for name in COPY_TIMES
            }
        assert backend.check().faults == []
        assert complete_labels(engine) == 0

    def test_broken_off_between_and_in_the_middle_it_goes_on(
        self, backend: ElasticBackend, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        carry(engine)
        assert any("first_copy_at is None" in fault for fault in backend.check().faults)
        monkeypatch.setattr(labels, "STORIES_AT_ONCE", 1)

        def stop(part: str, done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            complete_labels(engine, stop)
        assert carry(engine) == []
        assert 0 < complete_labels(engine) < 3, "a withdrawn pair may have taken another story along"
        assert backend.check().faults == []

    def test_stories_that_change_meanwhile_end_right(self, backend: ElasticBackend, engine: Engine) -> None:
        """A linker splits a story between two others' labels."""
        carry(engine)
        (a, b) = sorted((ARTICLES[8], ARTICLES[9]), key=lambda each: each.id)
        backend.link([], [Edge(a.id, b.id, False, "test", a.judged_hash, b.judged_hash)])
        complete_labels(engine)
        assert backend.check().faults == []


class TestTurn:
    def test_one_at_a_time(self, engine: Engine) -> None:
        others = pytest.raises(IndexUnavailable, match=f"another upgrade is at work .*process {os.getpid()}")
        with only_upgrade(engine), others:
            carry(engine)
        assert len(carry(engine)) == len(KINDS)

    def test_one_that_has_died_elsewhere_is_taken_over_when_told(self, engine: Engine) -> None:
        engine.cluster.ask(
            engine.cluster.es.cluster.put_component_template,
            name=f"{engine.names.base}-upgrade",
            template={},
            meta={"host": "other.example.org", "pid": 1, "since": "2026-01-18T12:00:00+00:00"},
        )
        with pytest.raises(IndexUnavailable, match=r"on other\.example\.org.*--take-over"):
            carry(engine)
        assert len(list(upgrade(engine, take_over=True))) == len(KINDS)
        assert carry(engine) == []


def started(es: Node, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.elastic.writer", name],
        cwd=ROOT,
        env={**os.environ, **es.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def at_work(es: Node, *names: str) -> Iterator[Sequence[subprocess.Popen[str]]]:
    """Processes that write or search the index; killed at the latest when the test ends."""
    processes = [started(es, name) for name in names]
    try:
        yield processes
    finally:
        for each in processes:
            each.kill()
            each.communicate()


def told_to_stop(process: subprocess.Popen[str]) -> list[int]:
    """What a process printed; it ended well."""
    out, _ = process.communicate("stop\n", timeout=60)
    assert process.returncode == 0
    return [int(line) for line in out.split()]


def test_index_in_use_loses_nothing_and_answers_all_the_while(
    es: Node, backend: ElasticBackend, engine: Engine
) -> None:
    with at_work(es, "write", "search") as (writer, searcher):
        assert writer.stdout
        assert int(writer.stdout.readline()) == FAMILY  # it is at work
        assert len(carry(engine)) == len(KINDS)
        before = int(writer.stdout.readline())
        while int(writer.stdout.readline()) < before + FAMILY:
            pass
        written = told_to_stop(writer)
        (searches,) = told_to_stop(searcher)
    assert searches > 10
    _assert_all_there(backend, max(written, default=before + FAMILY))
    assert lifecycle.found_versions(engine) == {kind: [VERSIONS[kind]] for kind in KINDS}


def _assert_all_there(backend: ElasticBackend, written: int) -> None:
    """Every article that was written, each a family of `FAMILY`, the revised ones in their later text."""
    due = [article("w", number, _last_turn(number)) for number in range(written)]
    stored = backend.get(each.id for each in due)
    assert len(stored) == written
    for each in due:
        assert (stored[each.id].title, stored[each.id].revision) == (
            each.title,
            1 + _last_turn(_number(each)),
        )
    for start in range(0, written, FAMILY):
        family = [stored[each.id] for each in due[start : start + FAMILY]]
        assert {each.story_id for each in family} == {min(each.id for each in family)}
        assert sorted(each.role for each in family) == ["canonical"] + ["copy"] * (FAMILY - 1)
    assert backend.check().faults == []


def _last_turn(number: int) -> int:
    return int(number // FAMILY % 2 == 1 and number % FAMILY < 2)


def _number(found: Article) -> int:
    return int(found.url.rpartition("/")[2])


def test_killed_at_any_moment_and_run_again(es: Node, backend: ElasticBackend, engine: Engine) -> None:
    """Ten upgrades of the same index are killed, each later than the one before; then one is let through."""
    rng = random.Random(7)
    before = everything(engine)
    unfinished = 0
    for attempt in range(10):
        process = started(es, "upgrade")
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.08 * attempt + rng.random() * 0.08)
        process.kill()
        process.communicate()
        unfinished += lifecycle.found_versions(engine) != {kind: [VERSIONS[kind]] for kind in KINDS}
        if attempt % 3 == 2:
            _open_again(engine)
            backend.put_state("site:ria.ru", {"etag": str(attempt)})
            before["state"] = documents(engine, "state")
    assert unfinished > 2
    carry(engine)
    assert everything(engine) == before
    assert lifecycle.found_versions(engine) == {kind: [VERSIONS[kind]] for kind in KINDS}
    assert backend.check().faults == []
    assert backend.put([article("a", 100)]) == ["indexed"]


def _open_again(engine: Engine) -> None:
    """A killed upgrade may have left an index closed for writing; here someone opens it by hand."""
    index = holders(engine)[engine.names.alias("state")][0]
    engine.cluster.ask(
        engine.cluster.es.indices.put_settings, index=index, settings={"index.blocks.write": None}
    )


def test_cluster_of_three_nodes_keeps_its_copies(three_nodes: Cluster) -> None:
    settings = ElasticSettings(name="news", shards=2, replicas="1")
    with ElasticBackend.at(",".join(three_nodes.urls), settings) as backend:
        make_older(backend.engine)
        fill(backend)
        before = everything(backend.engine)
        carry(backend.engine)
        assert everything(backend.engine) == before
        three_nodes.nodes[0].kill()
        assert everything(backend.engine) == before
        assert backend.put([article("a", 100)]) == ["indexed"]
        assert backend.check().faults == []
        assert carry(backend.engine) == []


def test_message_to_writers_names_the_upgrade() -> None:
    from index.elastic.client import blocked

    assert re.search("an upgrade is at work, was killed and has to be run again", blocked("FORBIDDEN/8"))
