"""The made-up news has the proportions it says."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import islice, pairwise

import pytest

from benchmarks.news import A_DAY, START, WIRE_EVERY, WIRE_REPRINTS, Newsroom
from index.article import Article

DAYS = 4


@pytest.fixture(scope="module")
def made() -> list[Article]:
    return list(islice(Newsroom().articles(), DAYS * A_DAY))


def opening(article: Article) -> str:
    return article.body.partition("\n\n")[0]


def test_the_same_for_a_seed_and_another_for_another(made: list[Article]) -> None:
    assert list(islice(Newsroom().articles(), 50)) == made[:50]
    assert opening(next(Newsroom(seed=2).articles())) != opening(made[0])


def test_a_day_has_a_thousand(made: list[Article]) -> None:
    assert len({each.id for each in made}) == len(made)
    assert all(one.published_at < other.published_at for one, other in pairwise(made))
    assert (made[0].published_at, made[A_DAY].published_at) == (START, START + timedelta(days=1))


def test_one_in_ten_is_a_copy(made: list[Article]) -> None:
    sizes = Counter(map(opening, made))
    copies = sum(size - 1 for size in sizes.values())
    assert 0.08 < copies / len(made) < 0.12
    assert max(sizes.values()) > WIRE_REPRINTS * 0.8  # some come after the last day
    marked = [each for each in made if each.source.evidence]
    assert 0.4 < len(marked) / copies < 0.8
    assert all(each.body.endswith(each.source.evidence[0].text) for each in marked)


def test_texts_have_the_length_of_news(made: list[Article]) -> None:
    words = sorted(each.word_count for each in made)
    assert 150 < words[len(words) // 2] < 300
    assert 25 < sum(len(each.fingerprint) for each in made) / len(made) < 45


def test_what_is_held_does_not_grow() -> None:
    room = Newsroom()
    news = room.articles()
    held = [sum(1 for _ in islice(news, WIRE_EVERY)) and len(room.due) for _ in range(4)]
    assert max(held) < 3 * WIRE_REPRINTS
