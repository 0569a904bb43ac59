"""candidates, edges, link, pending, story: copies find each other, labels follow from the judged pairs."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from index.article import Article
from index.backend import Backend, Edge, Probe
from index.stories.rank import Label, Member, label
from tests.index.contract.stories import label_of
from tests.make import NOON, digest, make_article

HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


def value(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}"


def articles(count: int) -> list[Article]:
    """Articles of different sites, by id."""
    made = [
        make_article(
            site=f"s{number}.ru", url=f"https://s{number}.ru/{number}", published_at=NOON + HOUR * number
        )
        for number in range(count)
    ]
    return sorted(made, key=lambda each: each.id)


def pair(one: Article, other: Article, *, ok: bool = True) -> Edge:
    a, b = sorted((one, other), key=lambda each: each.id)
    return Edge(a.id, b.id, ok, "test", a.judged_hash, b.judged_hash)


def judged(batch: Sequence[Article]) -> list[tuple[str, str]]:
    return [(each.id, each.judged_hash) for each in batch]


def labels_of(backend: Backend, batch: Sequence[Article]) -> list[Label]:
    held = backend.get(sorted(each.id for each in batch)).values()
    return [label_of(a) for a in held]


def labels_due(batch: Sequence[Article], edges: Sequence[Edge]) -> list[Label]:
    return label([Member.of(each) for each in batch], [(edge.a, edge.b) for edge in edges if edge.ok])


def probe(article: Article) -> Probe:
    return Probe(article.id, article.published_at, tuple(article.fingerprint))


def sharing(backend: Backend, asked: Article, *, share: int, days: int = 7, limit: int = 10) -> list[str]:
    """The candidates of one article."""
    (found,) = backend.candidates([probe(asked)], share=share, days=days, limit=limit)
    return found


def holding(name: str, *numbers: int, published_at: datetime = NOON) -> Article:
    return make_article(
        url=f"https://example.org/{name}",
        fingerprint=[value(number) for number in numbers],
        published_at=published_at,
    )


class TestCandidates:
    def test_shared_values_count_most_first_then_id(self, backend: Backend) -> None:
        def made(count: int, name: str) -> Article:
            own = [value(1000 + ord(name) * 100 + number) for number in range(10 - count)]
            return make_article(
                url=f"https://example.org/{name}", fingerprint=[*map(value, range(count)), *own]
            )

        nine, five, other_five, three, two = (
            made(count, name) for count, name in ((9, "a"), (5, "b"), (5, "c"), (3, "d"), (2, "e"))
        )
        asked = made(10, "f")
        backend.put([two, three, five, asked, other_five, nine])
        found = sharing(backend, asked, share=3)
        assert found == [nine.id, *sorted([five.id, other_five.id]), three.id]
        assert sharing(backend, asked, share=3, limit=2) == found[:2]
        assert sharing(backend, asked, share=10) == []

    @pytest.mark.parametrize(
        ("apart", "found"),
        [(7 * DAY, True), (-7 * DAY, True), (7 * DAY + HOUR, False), (-7 * DAY - HOUR, False)],
    )
    def test_window_counts_both_ways(self, backend: Backend, apart: timedelta, found: bool) -> None:
        values = [value(number) for number in range(5)]
        one = make_article(url="https://example.org/1", fingerprint=values)
        other = make_article(url="https://example.org/2", fingerprint=values, published_at=NOON + apart)
        backend.put([one, other])
        assert sharing(backend, one, share=3) == ([other.id] if found else [])

    def test_the_whole_range_of_values_is_told_apart(self, backend: Backend) -> None:
        values = ["0000000000000000", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff"]
        one = make_article(url="https://example.org/1", fingerprint=values)
        near = make_article(
            url="https://example.org/2", fingerprint=["0000000000000001", "7ffffffffffffffe", *values[2:]]
        )
        backend.put([one, near])
        assert sharing(backend, one, share=2, days=1) == [near.id]
        assert sharing(backend, one, share=3, days=1) == []

    def test_a_revision_is_found_by_its_new_values_only(self, backend: Backend) -> None:
        old, new = [value(n) for n in range(5)], [value(n) for n in range(5, 10)]
        article = make_article(url="https://example.org/1", fingerprint=old)
        changed = make_article(
            url="https://example.org/1", fingerprint=new, title="Другой", fetched_at=NOON + HOUR
        )
        backend.put([article])
        backend.put([changed])
        asked = make_article(url="https://example.org/2", fingerprint=old)
        assert sharing(backend, asked, share=1) == []
        assert sharing(backend, asked.model_copy(update={"fingerprint": new}), share=5) == [article.id]

    def test_without_a_fingerprint_there_are_none(self, backend: Backend) -> None:
        backend.put(articles(2))
        assert sharing(backend, articles(1)[0], share=1) == []

    def test_many_probes_have_an_answer_each_in_their_order(self, backend: Backend) -> None:
        """More than a few hundred, some empty, some of articles that are not stored, some asked twice."""
        stored = [
            holding(f"{number}", *range(number, number + 4), published_at=NOON + number % 3 * 5 * DAY)
            for number in range(0, 120, 2)
        ]
        backend.put(stored)
        asked = [probe(each) for each in stored] * 4 + [
            Probe(digest("empty"), NOON, ()),
            Probe(digest("unknown"), NOON, tuple(stored[7].fingerprint)),
            Probe(digest("nothing"), NOON, (value(9999),)),
        ]
        random.Random(1).shuffle(asked)
        limits = {"share": 2, "days": 6, "limit": 3}
        together = backend.candidates(asked, **limits)
        assert together == [found for each in asked for found in backend.candidates([each], **limits)]
        assert together == [self.due(each, stored, **limits) for each in asked]

    @staticmethod
    def due(asked: Probe, stored: Sequence[Article], *, share: int, days: int, limit: int) -> list[str]:
        """The answer by comparing with every stored article."""
        near = [each for each in stored if abs(each.published_at - asked.published_at) <= days * DAY]
        shared = {each.id: len({*each.fingerprint} & {*asked.values}) for each in near if each.id != asked.id}
        return sorted((id for id in shared if shared[id] >= share), key=lambda id: (-shared[id], id))[:limit]

    def test_no_probes(self, backend: Backend) -> None:
        backend.put(articles(2))
        assert backend.candidates([], share=1, days=1, limit=9) == []


class TestHolders:
    def test_only_values_that_enough_articles_hold(self, backend: Backend) -> None:
        batch = [holding("a", 1, 2, 3), holding("b", 1, 2), holding("c", 1), holding("d", 4)]
        backend.put(batch)
        asked = [value(number) for number in range(6)]
        ids = [each.id for each in batch]
        assert self.held(backend, asked, 1) == {1: {*ids[:3]}, 2: {*ids[:2]}, 3: {ids[0]}, 4: {ids[3]}}
        assert self.held(backend, asked, 2) == {1: {*ids[:3]}, 2: {*ids[:2]}}
        assert self.held(backend, asked, 3) == {1: {*ids[:3]}}
        assert self.held(backend, asked, 4) == {}

    @staticmethod
    def held(backend: Backend, asked: Sequence[str], at_least: int) -> dict[int, set[str]]:
        """Holders by the number of their value, each named once."""
        found = backend.holders(asked, at_least=at_least, limit=9)
        assert all(len(set(ids)) == len(ids) for ids in found.values())
        return {asked.index(key): set(ids) for key, ids in found.items()}

    def test_no_window_in_time(self, backend: Backend) -> None:
        batch = [holding(f"{n}", 1, published_at=NOON - 40 * n * DAY) for n in range(3)]
        backend.put(batch)
        found = backend.holders([value(1)], at_least=3, limit=9)
        assert set(found[value(1)]) == {each.id for each in batch}

    def test_no_more_than_the_limit_each(self, backend: Backend) -> None:
        batch = [holding(f"{n}", 1, 2 + n % 2) for n in range(12)]
        backend.put(batch)
        found = backend.holders([value(1), value(2), value(3)], at_least=6, limit=4)
        assert {key: len(set(ids)) for key, ids in found.items()} == {value(1): 4, value(2): 4, value(3): 4}
        assert set(found[value(2)]) <= {each.id for each in batch[::2]}
        assert list(backend.holders([value(1), value(2)], at_least=7, limit=1)) == [value(1)]

    def test_a_revision_holds_its_new_values_only(self, backend: Backend) -> None:
        backend.put([holding("a", 1, 2), holding("b", 1, 2)])
        changed = {"title": "Другой", "content_hash": digest("other"), "fetched_at": NOON + HOUR}
        assert backend.put([holding("a", 2, 3).model_copy(update=changed)]) == ["revised"]
        found = backend.holders(map(value, range(5)), at_least=1, limit=9)
        assert {key: len(ids) for key, ids in found.items()} == {value(1): 1, value(2): 2, value(3): 1}

    def test_the_whole_range_of_values_is_told_apart(self, backend: Backend) -> None:
        values = ["0000000000000000", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff"]
        near = ["0000000000000001", "7ffffffffffffffe", "8000000000000001", "fffffffffffffffe"]
        batch = [
            make_article(url=f"https://example.org/{number}", fingerprint=values[number:])
            for number in range(4)
        ]
        backend.put(batch)
        found = backend.holders([*near, *values], at_least=1, limit=9)
        assert {key: set(ids) for key, ids in found.items()} == {
            each: {article.id for article in batch[: place + 1]} for place, each in enumerate(values)
        }

    def test_thousands_of_values_in_one_call(self, backend: Backend) -> None:
        backend.put([holding("a", *range(0, 40, 2)), holding("b", *range(0, 40, 4))])
        found = backend.holders(map(value, range(3000)), at_least=2, limit=9)
        assert set(found) == {value(number) for number in range(0, 40, 4)}

    def test_no_values_and_a_value_named_twice(self, backend: Backend) -> None:
        assert backend.holders([], at_least=1, limit=9) == {}
        backend.put([holding("a", 1), holding("b", 2)])
        assert backend.holders([value(1), value(1)], at_least=2, limit=9) == {}
        assert len(backend.holders([value(1), value(1)], at_least=1, limit=9)[value(1)]) == 1


class TestPending:
    def test_pending_until_linked_in_the_order_stored(self, backend: Backend) -> None:
        batch = articles(5)[::-1]
        backend.put(batch[:3])
        backend.put(batch[3:])
        assert backend.pending(10) == [each.id for each in batch]
        assert backend.pending(2) == [each.id for each in batch[:2]]
        assert backend.link(judged(batch[1:3]), []) == set()
        assert backend.pending(10) == [batch[0].id, batch[3].id, batch[4].id]

    def test_an_article_revised_since_it_was_read_stays_pending(self, backend: Backend) -> None:
        (one,) = articles(1)
        backend.put([one])
        backend.put([one.model_copy(update={"title": "Другой", "content_hash": digest("other")})])
        backend.link(judged([one]), [])
        assert backend.pending(10) == [one.id]

    def test_a_verdict_on_a_time_that_has_been_put_right_since_is_dropped(self, backend: Backend) -> None:
        """Another process moves the publication between a linker's look and its word: the text is the same."""
        one, other = (each.model_copy(update={"published_origin": "feed"}) for each in articles(2))
        backend.put([one, other])
        better = one.model_copy(update={"published_origin": "json_ld", "published_at": NOON - 40 * DAY})
        backend.put([better])
        backend.link(judged([one, other]), [pair(one, other)])
        assert backend.edges([one.id]) == []
        assert backend.pending(10) == [one.id]
        assert len(backend.story(one.id)) == 1

    def test_the_same_text_again_is_not_pending_again(self, backend: Backend) -> None:
        batch = articles(2)
        backend.put(batch)
        backend.link(judged(batch), [])
        backend.put([each.model_copy(update={"fetched_at": NOON + HOUR}) for each in batch])
        assert backend.pending(10) == []

    def test_a_better_publication_time_has_the_article_judged_again(self, backend: Backend) -> None:
        one, other = (each.model_copy(update={"published_origin": "feed"}) for each in articles(2))
        backend.put([one, other])
        backend.link(judged([one, other]), [pair(one, other)])
        better = one.model_copy(update={"published_origin": "json_ld", "published_at": NOON - DAY})
        assert backend.put([better]) == ["unchanged"]
        assert backend.pending(10) == [one.id]
        assert backend.edges([one.id]) == []
        assert [len(backend.story(each.id)) for each in (one, other)] == [1, 1]
        backend.link(judged([better]), [pair(better, other)])
        assert labels_of(backend, [one, other]) == labels_due([better, other], [pair(one, other)])


class TestLink:
    def test_a_pair_becomes_a_story(self, backend: Backend) -> None:
        one, other = articles(2)
        backend.put([one, other])
        edge = pair(one, other)
        assert backend.link(judged([one, other]), [edge]) == {one.id, other.id}
        assert labels_of(backend, [one, other]) == labels_due([one, other], [edge])
        assert [each.role for each in backend.story(one.id)] == ["canonical", "copy"]
        assert (backend.stats()["stories"], backend.stats()["copies"]) == (1, 1)
        assert backend.edges([other.id]) == backend.edges([one.id, other.id]) == [edge]

    def test_linking_the_same_again_changes_nothing(self, backend: Backend) -> None:
        batch = articles(3)
        backend.put(batch)
        edges = [pair(batch[0], batch[1]), pair(batch[1], batch[2], ok=False)]
        assert backend.link(judged(batch), edges) == {batch[0].id, batch[1].id}
        assert backend.link(judged(batch), edges) == set()

    def test_a_rejected_pair_is_kept_and_links_nothing(self, backend: Backend) -> None:
        one, other = articles(2)
        backend.put([one, other])
        assert backend.link(judged([one, other]), [pair(one, other, ok=False)]) == set()
        assert [edge.ok for edge in backend.edges([one.id])] == [False]
        assert len(backend.story(one.id)) == 1

    def test_a_withdrawn_pair_splits_the_story(self, backend: Backend) -> None:
        batch = articles(4)
        backend.put(batch)
        chain = [pair(one, other) for one, other in itertools.pairwise(batch)]
        backend.link(judged(batch), chain)
        withdrawn = pair(batch[1], batch[2], ok=False)
        assert backend.link([], [withdrawn])
        assert labels_of(backend, batch) == labels_due(batch, [chain[0], withdrawn, chain[2]])
        assert backend.check().faults == []

    def test_a_bridge_joins_two_stories_whole(self, backend: Backend) -> None:
        batch = articles(7)
        backend.put(batch)
        left, right = batch[::2], batch[1::2]
        edges = [pair(one, other) for side in (left, right) for one, other in itertools.pairwise(side)]
        backend.link(judged(batch), edges)
        bridge = pair(left[-1], right[0])
        backend.link([], [bridge])
        assert labels_of(backend, batch) == labels_due(batch, [*edges, bridge])
        assert {each.story_id for each in backend.story(batch[3].id)} == {batch[0].id}

    def test_a_revision_leaves_its_story_until_linked_again(self, backend: Backend) -> None:
        batch = articles(3)
        backend.put(batch)
        edges = [pair(batch[0], batch[1]), pair(batch[1], batch[2])]
        backend.link(judged(batch), edges)
        middle = batch[1].model_copy(update={"title": "Другой", "content_hash": digest("other")})
        backend.put([middle])
        assert labels_of(backend, batch) == labels_due(batch, [])
        assert backend.check().faults == []
        fresh = [pair(batch[0], middle), pair(middle, batch[2])]
        backend.link(judged([middle]), fresh)
        assert labels_of(backend, batch) == labels_due([batch[0], middle, batch[2]], fresh)

    def test_a_pair_judged_on_another_text_is_dropped(self, backend: Backend) -> None:
        one, other = articles(2)
        backend.put([one, other])
        backend.put([other.model_copy(update={"title": "Другой", "content_hash": digest("other")})])
        assert backend.link(judged([one, other]), [pair(one, other)]) == set()
        assert backend.edges([one.id]) == []
        assert backend.pending(9) == [other.id]

    def test_a_pair_with_an_unknown_article_is_dropped(self, backend: Backend) -> None:
        one, unknown = articles(2)
        backend.put([one])
        assert backend.link(judged([one, unknown]), [pair(one, unknown)]) == set()
        assert backend.edges([one.id, unknown.id]) == []

    def test_a_pair_the_wrong_way_round_is_refused(self, backend: Backend) -> None:
        one, other = articles(2)
        backend.put([one, other])
        for a, b in ((other, one), (one, one)):
            with pytest.raises(ValueError, match="smaller id comes first"):
                backend.link([], [Edge(a.id, b.id, True, "test", a.judged_hash, b.judged_hash)])

    @pytest.mark.parametrize("seed", range(8))
    def test_any_order_and_any_batches_end_in_the_same_labels(self, backend: Backend, seed: int) -> None:
        """Random graphs, pairs judged more than once: the last verdict on each pair is what counts."""
        chance = random.Random(seed)
        batch = articles(14)
        every = list(itertools.combinations(batch, 2))
        edges = [pair(*ends, ok=chance.random() < 0.6) for ends in chance.sample(every, 16)]
        earlier = [pair(*ends) for ends in every if chance.random() < 0.15]
        withdrawn = [Edge(e.a, e.b, False, "test", e.hash_a, e.hash_b) for e in earlier]
        final = {(edge.a, edge.b): edge for edge in [*withdrawn, *edges]}
        chance.shuffle(batch)
        backend.put(batch)
        steps = [*earlier, *chance.sample(list(final.values()), len(final))]
        while steps:
            cut = chance.randint(1, 6)
            backend.link([], steps[:cut])
            steps = steps[cut:]
        backend.link(judged(batch), [])
        assert labels_of(backend, batch) == labels_due(batch, list(final.values()))
        assert backend.check().faults == []


class TestTimesOfCopies:
    """`first_copy_at` and `last_copy_at`, to the microsecond on every engine."""

    def test_they_follow_the_copies_as_these_come_and_go(self, backend: Backend) -> None:
        one, two, three = (
            make_article(site=f"s{n}.ru", url=f"https://s{n}.ru/", published_at=NOON + n * HOUR + n * TICK)
            for n in range(3)
        )
        batch = [one, two, three]
        backend.put(batch)
        edges = [pair(one, two), pair(one, three)]
        for edge in edges:
            backend.link(judged(batch), [edge])
        assert self.times(backend, one) == (NOON + HOUR + TICK, NOON + 2 * (HOUR + TICK))
        assert self.times(backend, two) == self.times(backend, three) == (None, None)
        withdrawn = pair(one, three, ok=False)
        assert backend.link([], [withdrawn]) >= {one.id, three.id}
        assert self.times(backend, one) == (NOON + HOUR + TICK, NOON + HOUR + TICK)
        backend.link([], [pair(one, two, ok=False)])
        assert self.times(backend, one) == (None, None)
        assert backend.check().faults == []

    def test_a_copy_of_which_only_the_time_is_put_right_moves_them(self, backend: Backend) -> None:
        """Number of copies and sites stay as they are: the times alone make the label another."""
        one, other = (each.model_copy(update={"published_origin": "feed"}) for each in articles(2))
        first, copy = sorted((one, other), key=lambda each: each.published_at)
        backend.put([one, other])
        backend.link(judged([one, other]), [pair(one, other)])
        later = copy.model_copy(update={"published_origin": "json_ld", "published_at": NOON + DAY})
        backend.put([later])
        backend.link(judged([later]), [pair(first, later)])
        assert self.times(backend, first) == (NOON + DAY, NOON + DAY)

    def test_a_copy_without_a_date_counts_but_gives_none(self, backend: Backend) -> None:
        """A day alone does, by its noon; a date that a later fetch finds comes in."""
        first, exact, day, unknown = (
            make_article(
                site=f"s{n}.ru", url=f"https://s{n}.ru/", published_at=NOON + hours * HOUR, **changes
            )
            for n, (hours, changes) in enumerate(
                [
                    (-30, {}),
                    (-1, {}),
                    (0, {"published_precision": "day"}),
                    (20, {"published_precision": "unknown", "published_origin": "first_seen"}),
                ]
            )
        )
        batch = [first, exact, day, unknown]
        backend.put(batch)
        backend.link(judged([first, unknown]), [pair(first, unknown)])
        assert self.times(backend, first) == (None, None)
        backend.link(judged(batch), [pair(first, exact), pair(first, day)])
        assert self.times(backend, first) == (NOON - HOUR, NOON)
        (stored,) = backend.get([first.id]).values()
        assert stored.copies == 3
        found = unknown.model_copy(
            update={"published_origin": "feed", "published_precision": "minute", "published_at": NOON + HOUR}
        )
        backend.put([found])
        backend.link(judged([found]), [pair(first, found)])
        assert self.times(backend, first) == (NOON - HOUR, NOON + HOUR)
        assert backend.check().faults == []

    @staticmethod
    def times(backend: Backend, article: Article) -> tuple[datetime | None, datetime | None]:
        (stored,) = backend.get([article.id]).values()
        return stored.first_copy_at, stored.last_copy_at


class TestStory:
    def test_members_canonical_first_then_by_time(self, backend: Backend) -> None:
        batch = articles(5)
        backend.put(batch)
        backend.link(judged(batch), [pair(batch[0], each) for each in batch[1:]])
        members = backend.story(batch[0].id)
        assert members[0].role == "canonical"
        assert (members[0].copies, members[0].outlets) == (4, sorted(each.site for each in batch))
        copies = members[1:]
        times = [each.published_at for each in copies]
        assert (members[0].first_copy_at, members[0].last_copy_at) == (min(times), max(times))
        assert {(each.first_copy_at, each.last_copy_at) for each in copies} == {(None, None)}
        assert {each.role for each in copies} == {"copy"}
        assert copies == sorted(copies, key=lambda each: (each.published_at, each.id))

    def test_the_id_of_any_member_leads_to_its_story(self, backend: Backend) -> None:
        batch = articles(3)
        backend.put(batch)
        backend.link(judged(batch), [pair(batch[0], batch[1])])
        assert backend.story(batch[1].id) == backend.story(batch[0].id)
        assert [each.id for each in backend.story(batch[2].id)] == [batch[2].id]
        assert backend.story(digest("absent")) == []
