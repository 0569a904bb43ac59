"""Linking through the real embedded index: whatever the order of arrival, the same stories."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.backend import Backend, Edge
from index.engine import open_index
from index.sqlite.backend import SqliteBackend
from index.stories import linker, verdict
from index.stories.furniture import line_values
from index.stories.linker import LinkReport, link_batch, link_pending
from index.stories.prepared import Prepared
from index.stories.texts import READ_AT_ONCE, Texts
from index.stories.verdict import Verdict
from tests.index.stories.counted import Counted
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
        assert len(ROWS) == 107
        assert len({row["story"] for row in ROWS}) == 65
        assert {row["language"] for row in ROWS} == {"ru", "en"}

    @settings(max_examples=12, deadline=None)
    @given(st.integers(0, 2**32), st.integers(1, 107), st.booleans())
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

    def test_what_another_process_makes_furniture_meanwhile(self, tmp_path: Path) -> None:
        """It stores and links the third article with the line after this one has read the furniture."""
        notes = [
            fingerprinted(
                site=site,
                url=f"https://{site}/{word}",
                body=f"Закрылась {word} в посёлке, о причинах хозяева не говорят.\n\n{self.plea}",
            )
            for site, word in (
                ("one.example", "пекарня"), ("two.example", "аптека"), ("one.example", "котельная"), ("one.example", "почта")
            )
        ]  # fmt: skip
        address = f"sqlite:///{tmp_path}/svodka.db"
        with closing(open_index(address)) as slow, closing(open_index(address)) as quick:
            slow.put(notes[:2])
            overtaken = Overtaken(slow, lambda: crawl(quick, notes[2:], 1))
            link_pending(cast("Backend", overtaken))
            assert (
                overtaken.written
            )  # its verdict on the first two was stored after that of the other process
            assert not any(edge.ok for edge in slow.edges([notes[0].id]))
            stories = labels(slow, notes)
            link_batch(slow, [each.id for each in notes])
            assert labels(slow, notes) == stories


class Overtaken:
    """A backend that lets another process do something just before its first verdicts are stored."""

    def __init__(self, backend: Backend, meanwhile: Callable[[], None]) -> None:
        self._backend, self._meanwhile = backend, meanwhile
        self.written: list[Edge] = []

    def link(self, linked: Sequence[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        if edges and not self.written:
            self.written += edges
            self._meanwhile()
        return self._backend.link(linked, edges)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)


class TestCalls:
    def test_nothing_to_do(self, backend: Backend) -> None:
        assert link_pending(backend) == link_batch(backend, []) == LinkReport()
        assert link_batch(backend, ["0" * 32]) == LinkReport()

    def test_a_limit_is_kept(self, backend: Backend) -> None:
        backend.put(ARTICLES)
        assert link_pending(backend, limit=3).linked == 3
        assert link_pending(backend, limit=0).linked == 0
        assert len(backend.pending(len(ARTICLES))) == len(ARTICLES) - 3
        assert link_pending(backend).linked == len(ARTICLES) - 3
        assert backend.pending(len(ARTICLES)) == []

    def test_an_article_is_linked_once_a_call(self, backend: Backend) -> None:
        backend.put(ARTICLES)
        ids = [ARTICLES[0].id, *(article.id for article in ARTICLES)]
        assert link_batch(backend, ids).linked == len(ARTICLES)
        assert link_batch(backend, ids).relabelled == 0

    def test_many_batches(self, backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
        backend.put(ARTICLES)
        monkeypatch.setattr(SqliteBackend, "batch", 4)
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


class TestRoundTrips:
    """Each call is a round trip on a remote engine: their number must not grow with the batch."""

    plea = "Подписывайтесь на канал редакции, чтобы узнавать о событиях города первыми и без рекламы."

    @staticmethod
    def text(number: int, sentences: int = 6) -> str:
        """Paragraphs that share no shingle with those of another number."""
        chance = random.Random(number)
        words = ["".join(chance.choices("бвгдклмнопрстуы", k=7)) for _ in range(12 * sentences)]
        return "\n\n".join(
            " ".join(words[at : at + 12]).capitalize() + "." for at in range(0, len(words), 12)
        )

    def made(self, number: int, site: str, *, closing: str = "", text: int | None = None) -> Article:
        """An article of the text with that number, by default its own."""
        body = self.text(number if text is None else text)
        return fingerprinted(
            site=site,
            url=f"https://{site}/{number}",
            body=f"{body}\n\n{closing}" if closing else body,
            published_at=NOON + number * timedelta(minutes=1),
        )

    def test_a_batch_with_few_copies(self, backend: Backend) -> None:
        crawl(
            backend,
            [self.made(number, f"wire{number % 4}.example") for number in range(30)],
            SqliteBackend.batch,
        )
        new = [
            self.made(100 + number, f"s{number % 20}.example") for number in range(SqliteBackend.batch - 8)
        ]
        outside = [self.made(200 + number, "copies.example", text=number) for number in range(5)]
        within = [self.made(300 + number, "more.example", text=100 + number) for number in range(3)]
        backend.put([*new, *outside, *within])
        counted = Counted(backend)
        report = link_batch(counted.backend, [each.id for each in (*new, *outside, *within)])
        assert (report.linked, report.judged, report.accepted) == (SqliteBackend.batch, 8, 8)
        assert counted.calls == {"get": 2, "holders": 3, "edges": 1, "candidates": 1, "link": 2}
        (probes,) = (asked for name, asked in counted.asked if name == "candidates")
        assert [probe.id for probe in probes] == [each.id for each in (*new, *outside, *within)]

    def test_each_pair_of_a_batch_is_judged_once(
        self, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = [self.made(number, f"s{number}.example", text=0) for number in range(5)]
        backend.put(batch)
        judged: list[tuple[str, str]] = []

        def judge(a: Prepared, b: Prepared) -> Verdict:
            judged.append((a.id, b.id))
            return verdict.judge(a, b)

        monkeypatch.setattr(linker, "judge", judge)
        assert link_pending(backend).judged == 10
        assert sorted(judged) == list(combinations(sorted(each.id for each in batch), 2))

    def test_lines_are_no_part_of_a_look_up(self, backend: Backend) -> None:
        batch = [self.made(number, "one.example", closing=self.plea) for number in range(2)]
        backend.put(batch)
        counted = Counted(backend)
        link_batch(counted.backend, [each.id for each in batch])
        (probes,) = (asked for name, asked in counted.asked if name == "candidates")
        for article, probe in zip(batch, probes, strict=True):
            assert {*probe.values, *line_values(article).values()} == {*article.fingerprint}
            assert not {*probe.values} & {*line_values(article).values()}

    def test_known_furniture_costs_one_state_a_site(self, backend: Backend) -> None:
        sites = ("one.example", "two.example")
        old = [self.made(number, sites[number % 2], closing=self.plea) for number in range(10)]
        crawl(backend, old, SqliteBackend.batch)
        new = [
            self.made(100 + number, sites[number % 2], closing=self.plea)
            for number in range(SqliteBackend.batch - 1)
        ]
        copy = self.made(200, sites[0], closing=self.plea, text=1)
        backend.put([*new, copy])
        counted = Counted(backend)
        assert link_pending(counted.backend).accepted == 1
        assert counted.calls.pop("pending") == 2  # the second says that nothing is left
        assert counted.calls == {
            "get": 2, "holders": 3, "get_state": 2, "edges": 1, "candidates": 1, "link": 2
        }  # fmt: skip

    def test_uncovered_furniture_reads_the_older_articles_at_once(self, backend: Backend) -> None:
        lines = [f"{self.plea} Выпуск {number}." for number in range(10)]
        old = [self.made(n, "one.example", closing=lines[n // 2]) for n in range(20)]
        crawl(backend, old, SqliteBackend.batch)
        new = [self.made(100 + n, "one.example", closing=line) for n, line in enumerate(lines)]
        backend.put(new)
        counted = Counted(backend)
        link_batch(counted.backend, [each.id for each in new])
        assert counted.calls == {
            "get": 2, "holders": 3, "get_state": 2, "edges": 1, "candidates": 1, "link": 2, "put_state": 1
        }  # fmt: skip
        read = [set(asked) for name, asked in counted.asked if name == "get"]
        assert read == [{each.id for each in new}, {each.id for each in old}]

    def copied(self, backend: Backend) -> list[Article]:
        """Twenty stories of six stored articles, and a seventh of each that is not linked yet."""
        old = [self.made(number, f"s{number}.example", text=number // 6) for number in range(120)]
        crawl(backend, old, SqliteBackend.batch)
        new = [self.made(200 + number, f"n{number}.example", text=number) for number in range(20)]
        backend.put(new)
        return new

    def test_texts_of_many_articles_share_a_call(self, backend: Backend) -> None:
        new = self.copied(backend)
        counted = Counted(backend)
        report = link_batch(counted.backend, [each.id for each in new])
        assert report.judged == report.accepted == 120
        asked = [len(asked) for name, asked in counted.asked if name == "get"]
        assert asked[0] == len(new)
        assert max(asked[1:]) == READ_AT_ONCE
        assert sum(asked[1:]) == 120  # every text once
        assert len(asked[1:]) <= 4

    @pytest.mark.parametrize("room", [1, 500, 3000])
    def test_more_texts_than_fit_are_all_judged(
        self, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
    ) -> None:
        """A text has 72 words, 140 of them are met: room for none, seven or forty."""
        other = open_index(f"sqlite:///{tmp_path}/other.db")
        new, ids = self.copied(backend), [each.id for each in self.copied(other)]
        plain = link_batch(other, ids)
        monkeypatch.setattr(linker, "Texts", partial(Texts, words=room))
        assert link_batch(backend, ids) == plain
        assert backend.edges(ids) == other.edges(ids)
        assert labels(backend, new) == labels(other, new)
        other.close()

    def test_a_revision_asks_for_its_earlier_texts(self, backend: Backend) -> None:
        plain = [self.made(number, "plain.example") for number in range(3)]
        furnished = [self.made(10 + number, "lines.example", closing=self.plea) for number in range(3)]
        crawl(backend, [*plain, *furnished], SqliteBackend.batch)
        revised = [
            TestChange.revised(each, self.text(500 + place))
            for place, each in enumerate([*plain[:2], furnished[0]])
        ]
        backend.put(revised)
        counted = Counted(backend)
        link_batch(counted.backend, [each.id for each in revised])
        asked_for = [asked for name, asked in counted.asked if name == "revisions"]
        assert sorted(asked_for) == sorted(each.id for each in revised)
        (edges,) = (set(asked) for name, asked in counted.asked if name == "edges")
        assert edges == {each.id for each in (*revised, *furnished)}  # the plea is text again
