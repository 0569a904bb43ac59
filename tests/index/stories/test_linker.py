"""Linking through the real embedded index: whatever the order of arrival, the same stories."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.backend import Backend, Edge
from index.engine import open_index
from index.stories import linker
from index.stories.linker import LinkReport, link_batch, link_pending
from tests.index.stories.labelled import article_id, article_of, fingerprinted, marked, rows
from tests.make import NOON

ROWS = rows()
NAMES = {article_id(row["id"]): row["id"] for row in ROWS}
ARTICLES = [article_of(row) for row in ROWS]
HOUR = timedelta(hours=1)

Labels = dict[str, tuple[str, str, int, tuple[str, ...]]]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


def labels(backend: Backend, articles: Sequence[Article]) -> Labels:
    stored = backend.get([article.id for article in articles])
    return {
        each.id: (each.story_id or "", each.role, each.copies, tuple(each.outlets))
        for each in stored.values()
    }


def crawl(backend: Backend, articles: Sequence[Article], batch: int) -> None:
    for start in range(0, len(articles), batch):
        backend.put(articles[start : start + batch])
        link_pending(backend)


def named(name: str) -> Article:
    return next(article for article in ARTICLES if NAMES[article.id] == name)


class TestLabelledSet:
    def test_every_story_and_canonical_article(self, backend: Backend) -> None:
        crawl(backend, ARTICLES, batch=7)
        found = {NAMES[each.id]: each for each in backend.get(NAMES).values()}
        stories: dict[str, set[str]] = {}
        for row in ROWS:
            stories.setdefault(row["story"], set()).add(row["id"])
        for row in ROWS:
            story = backend.story(found[row["id"]].story_id or "")
            assert {NAMES[each.id] for each in story} == stories[row["story"]], row["id"]
            assert NAMES[story[0].id] == row["canonical"], row["id"]
            assert story[0].copies == len(story) - 1
            assert story[0].outlets == sorted({each.site for each in story})
        assert backend.check().faults == []

    def test_sizes_are_as_described(self) -> None:
        assert len(ROWS) == 31
        assert len({row["story"] for row in ROWS}) == 23
        assert {row["language"] for row in ROWS} == {"ru", "en"}

    @settings(max_examples=12, deadline=None)
    @given(st.integers(0, 2**32), st.integers(1, 31), st.booleans())
    def test_any_order_and_batch_size_ends_the_same(self, seed: int, batch: int, late: bool) -> None:
        shuffled = ARTICLES[:]
        random.Random(seed).shuffle(shuffled)
        with TemporaryDirectory() as folder:
            ordered, other = (open_index(f"sqlite:///{folder}/{name}.db") for name in ("ordered", "other"))
            crawl(ordered, ARTICLES, 50)
            if late:  # all stored before anything is linked
                other.put(shuffled)
                link_pending(other)
            else:
                crawl(other, shuffled, batch)
            assert labels(ordered, ARTICLES) == labels(other, ARTICLES)
            ordered.close()
            other.close()


def test_two_linkers_in_turns_end_the_same(tmp_path: Path) -> None:
    one, two = (open_index(f"sqlite:///{tmp_path}/svodka.db") for _ in range(2))
    for place, article in enumerate(ARTICLES):
        (one, two)[place % 2].put([article])
    reports = [link_pending(backend, limit=1) for _ in range(len(ARTICLES)) for backend in (one, two)]
    assert sum(report.linked for report in reports) == len(ARTICLES)
    together = labels(one, ARTICLES)
    one.close()
    two.close()
    alone = open_index(f"sqlite:///{tmp_path}/alone.db")
    crawl(alone, ARTICLES, 50)
    assert labels(alone, ARTICLES) == together
    alone.close()


class TestChange:
    def test_a_late_original_takes_over(self, backend: Backend) -> None:
        copies = [named("most-full"), named("most-cut")]
        crawl(backend, copies, 2)
        assert backend.story(copies[0].id)[0].id == named("most-full").id
        crawl(backend, [named("most-ria")], 1)
        story = backend.story(copies[0].id)
        assert [story[0].id, story[0].copies] == [named("most-ria").id, 2]
        assert [each.role for each in story] == ["canonical", "copy", "copy"]

    def test_a_changed_text_leaves_its_story(self, backend: Backend) -> None:
        first, second = named("orca-1"), named("orca-2")
        crawl(backend, [first, second], 2)
        assert len(backend.story(first.id)) == 2
        backend.put([self.revised(second, named("mill-own").body)])
        report = link_pending(backend)
        assert (report.linked, report.accepted) == (1, 0)
        assert [each.copies for each in (*backend.story(first.id), *backend.story(second.id))] == [0, 0]
        backend.put([self.revised(second, second.body, hours=9)])
        link_pending(backend)
        assert len(backend.story(first.id)) == 2

    @staticmethod
    def revised(article: Article, body: str, hours: int = 3) -> Article:
        return fingerprinted(
            id=article.id,
            url=article.url,
            site=article.site,
            title=article.title,
            body=body,
            published_at=article.published_at,
            fetched_at=article.fetched_at + hours * HOUR,
            source=article.source,
        )

    def test_a_bridge_that_goes_parts_two_stories(self, backend: Backend) -> None:
        crawl(backend, [named("most-ria"), named("most-cut"), named("geo-orig")], 3)
        assert link_batch(backend, [named("most-ria").id]).accepted == 1
        backend.put([self.revised(named("most-ria"), named("geo-orig").body)])
        link_pending(backend)
        assert {each.id for each in backend.story(named("most-ria").id)} == {
            named("most-ria").id,
            named("geo-orig").id,
        }
        assert len(backend.story(named("most-cut").id)) == 1

    def test_an_edge_of_other_rules_is_withdrawn(self, backend: Backend) -> None:
        a, b = sorted((named("mill-own"), named("geo-orig")), key=lambda each: each.id)
        crawl(backend, [a, b], 2)
        backend.link([], [Edge(a.id, b.id, True, "copy", a.judged_hash, b.judged_hash)])
        assert len(backend.story(a.id)) == 2
        assert link_batch(backend, [a.id]).relabelled == 2
        assert len(backend.story(a.id)) == 1
        assert [(edge.ok, edge.rule) for edge in backend.edges([a.id])] == [(False, "text")]


class TestFurniture:
    plea = "Читайте новости района в нашем канале: только проверенное, только важное, никакой рекламы и никаких чужих мнений."

    def notes(self) -> list[Article]:
        words = ("пекарня", "котельная", "библиотека", "аптека")
        return [
            fingerprinted(
                site=f"site{number % 2}.example",
                url=f"https://site{number % 2}.example/{number}",
                body=f"Закрылась {word} в посёлке, о причинах хозяева не говорят уже вторую неделю.\n\n{self.plea}",
                published_at=NOON + number * HOUR,
            )
            for number, word in enumerate([*words, *words])
        ]

    def test_what_is_learned_late_holds_for_what_was_linked_before(self, backend: Backend) -> None:
        notes = self.notes()
        crawl(backend, notes[:4], 1)
        crawl(backend, notes[4:], 1)
        one_by_one = labels(backend, notes)
        assert link_batch(backend, [each.id for each in reversed(notes)]).relabelled == 0
        assert labels(backend, notes) == one_by_one

    @pytest.mark.parametrize("seed", range(6))
    def test_any_order_of_arrival(self, backend: Backend, tmp_path: Path, seed: int) -> None:
        shuffled = self.notes()
        random.Random(seed).shuffle(shuffled)
        crawl(backend, shuffled, 1)
        other = open_index(f"sqlite:///{tmp_path}/other.db")
        crawl(other, self.notes(), 50)
        assert labels(backend, shuffled) == labels(other, shuffled)
        other.close()


class TestCalls:
    def test_nothing_to_do(self, backend: Backend) -> None:
        assert link_pending(backend) == link_batch(backend, []) == LinkReport()
        assert link_batch(backend, ["0" * 32]) == LinkReport()

    def test_a_limit_is_kept(self, backend: Backend) -> None:
        backend.put(ARTICLES)
        assert link_pending(backend, limit=3).linked == 3
        assert link_pending(backend, limit=0).linked == 0
        assert len(backend.pending(100)) == len(ARTICLES) - 3
        assert link_pending(backend).linked == len(ARTICLES) - 3
        assert backend.pending(100) == []

    def test_an_article_is_linked_once_a_call(self, backend: Backend) -> None:
        backend.put(ARTICLES)
        ids = [ARTICLES[0].id, *(article.id for article in ARTICLES)]
        assert link_batch(backend, ids).linked == len(ARTICLES)
        assert link_batch(backend, ids).relabelled == 0

    def test_many_batches(self, backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
        backend.put(ARTICLES)
        monkeypatch.setattr(linker, "BATCH", 4)
        assert link_pending(backend).linked == len(ARTICLES)
        assert backend.check().faults == []

    def test_edges_say_why(self, backend: Backend) -> None:
        crawl(backend, [named("most-ria"), named("most-cut")], 2)
        (edge,) = backend.edges([named("most-ria").id])
        assert (edge.ok, edge.rule, edge.a < edge.b) == (True, "marked_copy", True)

    def test_a_refused_pair_without_history_is_not_kept(self, backend: Backend) -> None:
        crawl(backend, [named("kurs-13"), named("kurs-15")], 2)
        assert backend.edges([named("kurs-13").id]) == []

    def test_a_marked_copy_without_its_original(self, backend: Backend) -> None:
        line = "Источник: ria.ru"
        alone = fingerprinted(
            site="solo.example",
            body=f"Одна новость.\n\n{line}",
            source=marked("solo.example", "ria.ru", line),
        )
        crawl(backend, [alone], 1)
        assert [each.role for each in backend.story(alone.id)] == ["canonical"]
