"""Explanations from the embedded index: what they say is what linking did."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend, Edge
from index.engine import open_index
from index.stories.explain import explain
from index.stories.explained import Considered, Explanation
from index.stories.furniture import line_values
from index.stories.linker import link_pending
from index.stories.parameters import CANDIDATES
from tests.index.contract.stories import fold_into_one_story
from tests.index.stories.counted import Counted
from tests.index.stories.counted_words import article, words
from tests.index.stories.labelled import article_id, article_of, fingerprinted, marked, rows
from tests.make import NOON, make_source

LABELLED = [article_of(row) for row in rows()]
NAMES = {article_id(row["id"]): row["id"] for row in rows()}
DAY = timedelta(days=1)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


@pytest.fixture
def labelled(backend: Backend) -> Backend:
    """The labelled set, linked."""
    backend.put(LABELLED)
    link_pending(backend)
    return backend


def linked(backend: Backend, *articles: Article) -> None:
    backend.put(articles)
    link_pending(backend)


def of(backend: Backend, wanted: str | Article) -> Explanation:
    id = wanted.id if isinstance(wanted, Article) else article_id(wanted)
    return explain(backend, backend.get([id])[id])


def about(explanation: Explanation, other: str | Article) -> Considered:
    id = other.id if isinstance(other, Article) else article_id(other)
    return next(each for each in explanation.considered if each.article.id == id)


class TestConsidered:
    def test_an_accepted_pair(self, labelled: Backend) -> None:
        found = about(of(labelled, "most-cut"), "most-ria")
        assert (found.ok, found.rule, found.stored, found.in_story) == (True, "marked_copy", "same", True)
        assert (found.smaller, found.smaller_words, found.larger_words) == ("this", 49, 100)
        assert found.overlap.covered == 49
        assert (found.overlap.small, found.overlap.small_head, found.overlap.large_head) == (1, 1, 1)
        assert found.link == "this article's mark names ria.ru, the other's house"
        assert (found.candidate, found.stored_rule) == (True, "marked_copy")
        assert found.shared_values >= 3

    def test_a_refused_pair(self, labelled: Backend) -> None:
        found = about(of(labelled, "kurs-14"), "kurs-13")
        assert (found.ok, found.rule, found.stored, found.in_story) == (False, "numbers", "none", False)
        assert found.numbers is not None
        assert (found.numbers.common, found.numbers.differing) == (12, 8)
        assert (found.measured, found.bound) == (8 / 12, 0.15)

    def test_accepted_first_then_the_nearest(self, backend: Backend) -> None:
        asked = article("asked", words(0, 100))
        copy = article("copy", words(0, 100))
        near, far = (
            article(f"shares{count}", words(500, 600 - count), words(0, count)) for count in (60, 45)
        )
        linked(backend, far, near, copy, asked)
        assert [(each.article.id, each.ok) for each in of(backend, asked).considered] == [
            (copy.id, True),
            (near.id, False),
            (far.id, False),
        ]

    def test_what_it_says_of_the_whole_set_is_what_is_stored(self, labelled: Backend) -> None:
        edges = {(edge.a, edge.b): edge for edge in labelled.edges(NAMES)}
        for each in LABELLED:
            for other in of(labelled, each).considered:
                a, b = sorted((each.id, other.article.id))
                assert other.stored == ("same" if (a, b) in edges else "none")
                assert other.ok == ((a, b) in edges)

    def test_both_sides_say_the_same(self, labelled: Backend) -> None:
        one, other = about(of(labelled, "mill-cut"), "mill-day"), about(of(labelled, "mill-day"), "mill-cut")
        assert (one.rule, one.words, one.overlap, one.numbers) == (
            other.rule,
            other.words,
            other.overlap,
            other.numbers,
        )
        assert {one.smaller, other.smaller} == {"this", "other"}

    def test_a_partner_that_shares_no_values_is_judged_too(self, backend: Backend) -> None:
        one, other = article("one", words(0, 60)), article("two", words(0, 60))
        linked(backend, one, other)
        stripped = other.model_copy(update={"fingerprint": [], "fetched_at": NOON + DAY})
        backend.put([stripped])
        held = backend.get([one.id, other.id])
        a, b = sorted(held)
        backend.link([], [Edge(a, b, True, "copy", held[a].judged_hash, held[b].judged_hash)])
        found = about(of(backend, one), other)
        assert (found.candidate, found.shared_values, found.stored) == (False, 0, "same")
        assert of(backend, one).look_up.found == 0

    def test_no_more_candidates_than_linking_looks_at(self, backend: Backend) -> None:
        asked = article("asked", words(0, 60))
        reprints = [article(f"r{number}", words(0, 60)) for number in range(CANDIDATES + 3)]
        backend.put([asked, *reprints])
        fold_into_one_story(backend, *reprints)
        look_up = of(backend, asked).look_up
        assert (look_up.found, look_up.at_most) == (CANDIDATES, CANDIDATES)
        assert look_up.values == len(asked.fingerprint) - len(line_values(asked))


class TestStored:
    one, other = article("one", words(0, 60)), article("two", words(0, 60))

    def test_a_missing_edge(self, backend: Backend) -> None:
        backend.put([self.one, self.other])
        explanation = of(backend, self.one)
        found = about(explanation, self.other)
        assert (found.ok, found.stored, found.stored_rule, found.in_story) == (True, "missing", None, False)
        assert explanation.story.choice.step == "alone"

    @pytest.mark.parametrize(("ok", "rule"), [(False, "names"), (True, "marked_copy")])
    def test_a_stale_edge(self, backend: Backend, ok: bool, rule: str) -> None:
        linked(backend, self.one, self.other)
        a, b = sorted((self.one, self.other), key=lambda each: each.id)
        backend.link([], [Edge(a.id, b.id, ok, rule, a.judged_hash, b.judged_hash)])
        found = about(of(backend, self.one), self.other)
        assert (found.ok, found.rule, found.stored, found.stored_rule) == (True, "copy", "stale", rule)

    def test_a_pair_that_is_no_copy_any_more(self, backend: Backend) -> None:
        """The stored verdict said yes, before the rules or the furniture changed."""
        other = article("three", words(500, 560), words(0, 30))
        backend.put([self.one, other])
        a, b = sorted((self.one, other), key=lambda each: each.id)
        backend.link([], [Edge(a.id, b.id, True, "copy", a.judged_hash, b.judged_hash)])
        found = about(of(backend, self.one), other)
        assert (found.ok, found.stored, found.in_story) == (False, "stale", True)

    def test_a_refusal_that_was_stored_is_the_same(self, backend: Backend) -> None:
        other = article("three", words(500, 560), words(0, 30))
        backend.put([self.one, other])
        a, b = sorted((self.one, other), key=lambda each: each.id)
        backend.link([], [Edge(a.id, b.id, False, "text", a.judged_hash, b.judged_hash)])
        assert about(of(backend, self.one), other).stored == "same"


class TestChain:
    """Two halves of one text have nothing in common, but each is a copy of the whole."""

    first, second = article("first", words(0, 60)), article("second", words(100, 160))
    whole = article("whole", words(0, 60), words(100, 160))

    def test_the_way_over_accepted_pairs(self, backend: Backend) -> None:
        linked(backend, self.first, self.second, self.whole)
        explanation = of(backend, self.first)
        assert [each.article.id for each in explanation.considered] == [self.whole.id]
        (chain,) = explanation.story.chains
        assert chain.to.id == self.second.id
        assert [each.id for each in chain.through] == [self.whole.id]
        assert explanation.story.settled
        assert not explanation.story.unconnected
        assert of(backend, self.whole).story.chains == ()

    def test_the_longer_way(self, backend: Backend) -> None:
        end = article("end", words(400, 460))
        bridge = article("bridge", words(100, 160), words(400, 460))
        linked(backend, self.first, self.second, self.whole, bridge, end)
        ways = {chain.to.id: [each.id for each in chain.through] for chain in of(backend, end).story.chains}
        assert ways[self.second.id] == [bridge.id]
        assert ways[self.whole.id] in ([bridge.id], [bridge.id, self.second.id])
        assert ways[self.first.id] == [*ways[self.whole.id], self.whole.id]

    def test_a_story_whose_pairs_were_withdrawn(self, backend: Backend) -> None:
        """As between the two writes of a linking that was killed: labels stand, and their pairs are gone."""
        linked(backend, self.first, self.second, self.whole)
        counted = Counted(backend)
        vars(counted)["edges"] = lambda ids: [
            edge for edge in backend.edges(ids) if self.second.id not in {edge.a, edge.b}
        ]
        story = of(counted.backend, self.first).story
        assert [each.id for each in story.unconnected] == [self.second.id]
        assert not story.settled


class TestArticle:
    def test_alone(self, backend: Backend) -> None:
        alone = article("one", words(0, 60))
        linked(backend, alone)
        explanation = of(backend, alone)
        assert explanation.considered == ()
        assert (explanation.look_up.found, explanation.look_up.values) == (
            0,
            len(alone.fingerprint) - len(line_values(alone)),
        )
        story = explanation.story
        assert ([each.id for each in story.members], story.role, story.outlets) == (
            [alone.id],
            "canonical",
            ("one.example",),
        )
        assert story.settled
        assert explanation.indexed

    def test_without_text(self, backend: Backend) -> None:
        empty = fingerprinted(body="")
        linked(backend, empty, article("one", words(0, 60)))
        explanation = of(backend, empty)
        assert explanation.look_up.values == 0
        assert explanation.considered == ()

    def test_left_out_paragraphs(self, backend: Backend) -> None:
        plea = "Подписывайтесь на наш канал, чтобы узнавать о событиях города первыми и без рекламы."
        notes = [
            article(f"n{number}", words(number, number + 30), plea, site="gorod.example")
            for number in (0, 100, 200)
        ]
        source = marked("gorod.example", "ria.ru", "Источник: РИА Новости")
        dateline = source.evidence[0].model_copy(
            update={"kind": "dateline", "text": "ГОРОД, 18 янв — РИА Новости."}
        )
        whole = article(
            "whole",
            f"{dateline.text} {words(300, 330)}",
            "Фото на память",
            plea,
            "Источник: РИА Новости",
            site="gorod.example",
            source=source.model_copy(update={"evidence": [*source.evidence, dateline]}),
        )
        linked(backend, *notes, whole)
        assert [(each.why, each.text) for each in of(backend, whole).left_out] == [
            ("dateline", "ГОРОД, 18 янв — РИА Новости."),
            ("caption", "Фото на память"),
            ("furniture", plea),
            ("mark", "Источник: РИА Новости"),
        ]

    def test_signs_and_what_they_are_worth(self, backend: Backend) -> None:
        source = marked("copy.example", "ria.ru", "Источник: РИА Новости")
        inline = source.evidence[0].model_copy(
            update={"kind": "inline", "confidence": 0.2, "domain": "tass.ru", "text": "сообщает ТАСС"}
        )
        made = article(
            "copy", words(0, 60), source=source.model_copy(update={"evidence": [*source.evidence, inline]})
        )
        linked(backend, made)
        found = of(backend, made).source
        assert [(each.kind, each.domain, each.counts) for each in found.signs] == [
            ("mark_label", "ria.ru", "mark"),
            ("own_site", "copy.example", "own"),
            ("inline", "tass.ru", "report"),
        ]
        assert (found.name, found.domain, found.confidence) == ("ria.ru", "ria.ru", 0.8)

    def test_a_sign_of_its_own_house_is_no_mark(self, backend: Backend) -> None:
        made = article("one", words(0, 60), source=make_source("one.example", foreign=True))
        linked(backend, made)
        assert [each.counts for each in of(backend, made).source.signs] == ["own"]

    def test_time(self, backend: Backend) -> None:
        made = article("one", words(0, 60), published_origin="meta", published_offset=180)
        linked(backend, made)
        dated = of(backend, made).dated
        assert (dated.published_at, dated.precision, dated.origin, dated.offset, dated.first_seen_at) == (
            NOON,
            "second",
            "meta",
            180,
            NOON,
        )

    def test_one_that_is_not_in_the_index(self, backend: Backend) -> None:
        """As the outbox gives an article that waits."""
        linked(backend, article("one", words(0, 60)))
        waiting = article("two", words(0, 60))
        explanation = explain(backend, waiting)
        assert not explanation.indexed
        assert about(explanation, article("one", words(0, 60))).stored == "missing"
        assert [each.id for each in explanation.story.members] == [waiting.id]


def all_of(explanations: Sequence[Explanation]) -> str:
    return json.dumps([each.as_json() for each in explanations], ensure_ascii=False)


def test_nothing_is_written(labelled: Backend) -> None:
    counted = Counted(labelled)
    said = all_of([of(counted.backend, each) for each in LABELLED])
    assert set(counted.calls) == {"story", "edges", "holders", "candidates", "get"}
    assert said == all_of([of(labelled, each) for each in LABELLED])


def test_json_holds_all_of_it(labelled: Backend) -> None:
    plain = json.loads(json.dumps(of(labelled, "kurs-14").as_json()))
    assert plain["article"]["published_at"] == "2026-01-13T16:05:00Z"
    assert plain["dated"]["modified_at"] is None
    assert plain["story"]["choice"]["step"] == "earliest"
    assert plain["considered"][0]["article"]["title"] == "Доллар подорожал"
    assert plain["considered"][1]["numbers"] == {"common": 12, "differing": 8}
    assert plain["look_up"]["found"] == 3


def test_labels_that_do_not_follow_are_told_whichever_they_are(tmp_path: Path) -> None:
    wire, copy = article("wire", words(0, 40)), article("copy", words(0, 40), hours=1)
    path = tmp_path / "svodka.db"
    with closing(open_index(f"sqlite:///{path}")) as backend:
        linked(backend, wire, copy)
        assert of(backend, wire).story.settled
        for damage in ("copies = 5", "outlets = '[\"a.example\"]'", "last_copy = 0", "first_copy = NULL"):
            with closing(sqlite3.connect(path)) as connection, connection:
                before = connection.execute(
                    "SELECT copies, outlets, first_copy, last_copy FROM article WHERE id = ?", (wire.id,)
                ).fetchone()
                connection.execute(f"UPDATE article SET {damage} WHERE id = ?", (wire.id,))  # noqa: S608 - fixed text
                connection.commit()
                assert not of(backend, copy).story.settled, damage
                connection.execute(
                    "UPDATE article SET copies = ?, outlets = ?, first_copy = ?, last_copy = ? WHERE id = ?",
                    (*before, wire.id),
                )
        assert of(backend, copy).story.settled
