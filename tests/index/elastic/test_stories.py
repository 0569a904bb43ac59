"""Several linkers at work on the same stories, without transactions: the labels end right."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from index.article import Article
from index.backend import Edge, Probe
from index.elastic import stories
from index.elastic.backend import ElasticBackend
from index.stories.linker import link_pending
from index.stories.rank import Label, Member, label
from tests.index.contract.stories import label_of
from tests.index.elastic.engines import Open, opener
from tests.make import NOON, digest, make_article
from tests.nodes.engines import Engine

HOUR = timedelta(hours=1)
LINKERS = 4
VALUES = [f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(10)]


@pytest.fixture
def open_index(es: Engine) -> Iterator[Open]:
    with opener(es) as open_one:
        yield open_one


def articles(count: int) -> list[Article]:
    made = [
        make_article(site=f"s{n}.ru", url=f"https://s{n}.ru/", published_at=NOON + HOUR * n)
        for n in range(count)
    ]
    return sorted(made, key=lambda each: each.id)


def pair(one: Article, other: Article, *, ok: bool = True) -> Edge:
    return Edge(one.id, other.id, ok, "test", one.judged_hash, other.judged_hash)


def held(backend: ElasticBackend, batch: Sequence[Article]) -> list[Label]:
    stored = backend.get([each.id for each in batch]).values()
    return [label_of(a) for a in stored]


def due(batch: Sequence[Article], edges: Sequence[Edge]) -> list[Label]:
    return label([Member.of(each) for each in batch], [(edge.a, edge.b) for edge in edges if edge.ok])


@pytest.mark.parametrize("seed", range(3))
def test_linkers_side_by_side_end_in_the_right_stories(open_index: Open, seed: int) -> None:
    """Each linker has its own pairs of one tangle, some accepted first and withdrawn later."""
    chance = random.Random(seed)
    batch = articles(16)
    every = list(itertools.combinations(batch, 2))
    chance.shuffle(every)
    final = [pair(*ends, ok=chance.random() < 0.4) for ends in every[:48]]
    backends = [open_index() for _ in range(LINKERS)]
    backends[0].put(batch)

    def link(number: int) -> None:
        mine = final[number::LINKERS]
        order = random.Random(seed * 10 + number)
        for edge in order.sample(mine, len(mine)):
            if not edge.ok:
                backends[number].link([], [Edge(edge.a, edge.b, True, "test", edge.hash_a, edge.hash_b)])
            backends[number].link([], [edge])

    with ThreadPoolExecutor(LINKERS) as pool:
        list(pool.map(link, range(LINKERS)))
    assert held(backends[0], batch) == due(batch, final)
    assert backends[1].check().faults == []


def test_a_verdict_on_an_older_text_never_replaces_one_on_a_newer(open_index: Open) -> None:
    one, other = articles(2)
    slow, quick = open_index(), open_index()
    slow.put([one, other])
    changed = one.model_copy(update={"title": "Другой", "content_hash": digest("other")})
    quick.put([changed])
    quick.link([], [pair(changed, other)])
    slow.link([(one.id, one.judged_hash)], [pair(one, other, ok=False)])
    assert [edge.hash_a for edge in quick.edges([one.id])] == [changed.judged_hash]
    assert len(quick.story(one.id)) == 2


def test_labels_left_half_written_are_mended_by_whoever_links_next(open_index: Open) -> None:
    """A linker died between its pairs and its labels."""
    batch = articles(3)
    backend = open_index()
    backend.put(batch)
    edges = [pair(batch[0], batch[1]), pair(batch[1], batch[2])]
    stories._store_edges(backend.engine, edges)
    assert held(backend, batch) == due(batch, [])
    assert backend.check().faults
    later = open_index()
    assert later.pending(9) == [each.id for each in batch]
    assert later.link([(batch[2].id, batch[2].judged_hash)], []) == {each.id for each in batch}
    assert held(later, batch) == due(batch, edges)
    assert later.check().faults == []


def test_a_long_chain_is_one_story(open_index: Open) -> None:
    batch = articles(60)
    backend = open_index()
    backend.put(batch)
    edges = [pair(one, other) for one, other in itertools.pairwise(batch)]
    backend.link([], edges)
    assert held(backend, batch) == due(batch, edges)
    assert len(backend.story(batch[59].id)) == 60


def test_a_killed_run_had_stored_what_no_refresh_has_shown_yet(open_index: Open) -> None:
    """Who links its marks has to find all of it, however long the refresh interval."""
    killed = open_index(refresh="-1")
    batch = [make_article(site=f"s{n}.ru", url=f"https://s{n}.ru/", fingerprint=VALUES) for n in range(2)]
    killed.put(batch)
    later = open_index()
    assert sorted(later.pending(9)) == sorted(each.id for each in batch)
    probe = Probe(batch[0].id, batch[0].published_at, tuple(VALUES))
    assert later.candidates([probe], share=3, days=7, limit=9) == [[batch[1].id]]
    assert later.holders(VALUES[:1], at_least=2, limit=9) == {VALUES[0]: sorted(each.id for each in batch)}


def test_a_text_of_endless_values_is_looked_up_by_the_first(open_index: Open) -> None:
    backend = open_index()
    values = [f"{number:016x}" for number in range(70_000)]  # more than any node takes in one search
    long = make_article(site="long.ru", fingerprint=values)
    part = make_article(site="part.ru", fingerprint=values[:40])
    backend.put([long, part])
    link_pending(backend)
    assert backend.pending(9) == []
