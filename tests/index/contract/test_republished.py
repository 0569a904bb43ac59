"""republished: who republishes whom, and the order by copies, the same on every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from index.article import Article
from index.backend import Backend, Republished
from index.elastic import republished as elastic
from index.search.parse import parse
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, make_article, make_source

DAY = timedelta(days=1)
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
TASS = make_source("tass.ru", "ТАСС", foreign=True)
UNNAMED = make_source("", "Городские вести", foreign=True)


def by(site: str, **changes: object) -> Article:
    """An article of a site; two of one site differ in their addresses by `path`."""
    return make_article(site=site, url=f"https://{site}/{changes.pop('path', 1)}", **changes)


def test_an_empty_index_has_none(backend: Backend) -> None:
    assert backend.republished(ALWAYS) == []


def test_copies_count_for_the_source_of_their_canonical_article(backend: Backend) -> None:
    original = by("ria.ru", source=make_source("ria.ru", "РИА Новости"))
    copies = [
        by("lenta.ru", published_at=NOON + DAY),
        by("gazeta.ru", published_at=NOON + DAY, source=TASS),  # what it says itself comes first
        by("lenta.ru", path=2, published_at=NOON + DAY),
    ]
    alone = by("kommersant.ru")
    backend.put([original, *copies, alone])
    fold_into_one_story(backend, original, *copies)
    assert backend.republished(ALWAYS) == [
        Republished("lenta.ru", "РИА Новости", "ria.ru", 2),
        Republished("gazeta.ru", "ТАСС", "tass.ru", 1),
    ]


def test_copies_that_name_the_reprint_they_are_from(backend: Backend) -> None:
    """The agency's text came over a paper that does not say so: who names the agency took it from there."""
    unmarked = by("lenta.ru")
    marked = [by(f"s{n}.example", published_at=NOON + DAY, source=TASS) for n in range(2)]
    backend.put([unmarked, *marked])
    fold_into_one_story(backend, unmarked, *marked)
    assert backend.republished(ALWAYS) == [
        Republished("s0.example", "ТАСС", "tass.ru", 1),
        Republished("s1.example", "ТАСС", "tass.ru", 1),
    ]


def test_a_canonical_article_of_another_house_counts_too(backend: Backend) -> None:
    first, second = by("lenta.ru", source=TASS), by("gazeta.ru", source=TASS, published_at=NOON + DAY)
    backend.put([first, second, by("vesti.example", source=UNNAMED)])
    fold_into_one_story(backend, first, second)
    assert backend.republished(ALWAYS) == [
        Republished("gazeta.ru", "ТАСС", "tass.ru", 1),
        Republished("lenta.ru", "ТАСС", "tass.ru", 1),
        Republished("vesti.example", "Городские вести", "", 1),
    ]


def test_a_house_does_not_republish_itself(backend: Backend) -> None:
    original, again = by("ria.ru"), by("ria.ru", path=2, published_at=NOON + DAY)
    sister = by("en.ria.ru", domain="ria.ru", published_at=NOON + DAY)
    backend.put([original, again, sister])
    fold_into_one_story(backend, original, again, sister)
    assert backend.republished(ALWAYS) == []


def test_since_is_when_the_copy_was_published(backend: Backend) -> None:
    original = by("ria.ru", published_at=NOON - 40 * DAY)
    old, new = by("lenta.ru", published_at=NOON - DAY), by("gazeta.ru", published_at=NOON)
    backend.put([original, old, new])
    fold_into_one_story(backend, original, old, new)
    assert [each.outlet for each in backend.republished(NOON)] == ["gazeta.ru"]
    assert backend.republished(NOON + timedelta(seconds=1)) == []
    assert [each.outlet for each in backend.republished(NOON - DAY)] == ["gazeta.ru", "lenta.ru"]


def test_until_leaves_out_what_was_published_at_it_or_later(backend: Backend) -> None:
    original = by("ria.ru", published_at=NOON - DAY)
    old, new = by("lenta.ru", published_at=NOON), by("gazeta.ru", published_at=NOON + DAY)
    backend.put([original, old, new])
    fold_into_one_story(backend, original, old, new)
    assert [each.outlet for each in backend.republished(ALWAYS, NOON + DAY)] == ["lenta.ru"]
    assert [each.outlet for each in backend.republished(NOON, NOON + DAY + timedelta(seconds=1))] == [
        "gazeta.ru",
        "lenta.ru",
    ]
    assert backend.republished(ALWAYS, NOON) == []


def counted(stored: Sequence[Article], since: datetime) -> list[Republished]:
    """The definition, read off the articles."""
    canonical = {each.story_id: each.source for each in stored if each.role == "canonical"}
    pairs = Counter[tuple[str, str, str]]()
    for each in stored:
        source = each.source if each.source.domain != each.domain else canonical[each.story_id]
        if each.published_at >= since and source.domain != each.domain:
            pairs[each.site, source.name, source.domain] += 1
    rows = [Republished(*pair, count) for pair, count in pairs.items()]
    return sorted(rows, key=lambda each: (-each.copies, each.outlet, each.source, each.domain))


def random_stories(backend: Backend, count: int) -> list[Article]:
    """Stories of one to five articles on six sites over ten days, stored and linked."""
    random = Random(11)
    sites = [f"s{n}.example" for n in range(6)]
    stories = [
        [
            by(site := random.choice(sites), path=f"{story}-{n}",
               source=random.choice([make_source(site), TASS, UNNAMED]),
               published_at=NOON - random.randrange(10) * DAY + timedelta(milliseconds=random.choice([0, 999])))
            for n in range(random.randint(1, 5))
        ]
        for story in range(count)
    ]  # fmt: skip
    backend.put([article for story in stories for article in story])
    for story in stories:
        fold_into_one_story(backend, *story)
    return list(backend.get([article.id for story in stories for article in story]).values())


def test_random_stories_are_counted_as_defined(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elastic, "PAGE", 7)  # many pages, and many requests for sources
    monkeypatch.setattr(elastic, "STORIES_AT_ONCE", 5)
    stored = random_stories(backend, 60)
    for since in (ALWAYS, NOON - 4 * DAY, NOON):
        assert backend.republished(since) == counted(stored, since)
    assert len(counted(stored, ALWAYS)) > 10


@pytest.mark.parametrize("text", ["", "мост", "мос*", "мост OR site:s1.example"])
def test_the_most_republished_come_first_then_the_newest(backend: Backend, text: str) -> None:
    stored = random_stories(backend, 40)
    for copies in (False, True):
        expected = sorted(
            (each for each in stored if copies or each.role == "canonical"),
            key=lambda each: (-each.copies, -each.published_at.timestamp(), each.id),
        )
        pages = [
            backend.search(parse(text, sort="copies", copies=copies, limit=9, offset=offset)).hits
            for offset in range(0, len(expected), 9)
        ]
        hits = [hit for page in pages for hit in page]
        assert [hit.id for hit in hits] == [each.id for each in expected]
        assert [hit.score for hit in hits] == [each.copies for each in expected]
