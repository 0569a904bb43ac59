"""The most republished stories of a time, the same on every engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.article import Article
from index.backend import Backend
from index.stories import top
from index.stories.site import unknown_site
from index.stories.top import Asked, TopStories, top_stories
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, make_article

HOUR = timedelta(hours=1)


def story(backend: Backend, title: str, *published: tuple[str, float]) -> list[Article]:
    """A story of articles on these sites, so many hours from noon, stored and linked."""
    articles = [
        make_article(
            site=site, url=f"https://{site}/{title}-{n}", title=title, published_at=NOON + hours * HOUR
        )
        for n, (site, hours) in enumerate(published)
    ]
    backend.put(articles)
    fold_into_one_story(backend, *articles)
    return articles


def asked(
    backend: Backend, since: float, until: float | None = None, site: str = "", most: int = 10
) -> TopStories:
    before = None if until is None else NOON + until * HOUR
    return top_stories(backend, Asked(NOON + since * HOUR, before, site, most))


def titles(found: TopStories) -> list[str]:
    return [each.article.title for each in found.stories]


@pytest.fixture
def told(backend: Backend) -> Backend:
    story(backend, "old, copied late", ("a.example", -30), ("b.example", -29), ("c.example", -2))
    story(backend, "old", ("a.example", -30), ("b.example", -29), ("c.example", -28), ("d.example", -27))
    story(backend, "new", ("b.example", -3), ("c.example", -1))
    story(backend, "own addresses", *[("a.example", -2 + n / 10) for n in range(6)])
    story(backend, "alone", ("a.example", -1))
    return backend


def test_a_story_that_is_copied_in_the_time_is_of_it(told: Backend) -> None:
    found = asked(told, -24)
    assert titles(found) == ["old, copied late", "new"]
    assert [each.copies_of(found.asked) for each in found.stories] == [1, 1]
    assert titles(asked(told, -2)) == ["old, copied late", "new"]
    assert titles(asked(told, -1.5)) == ["new"]
    assert titles(asked(told, -40)) == ["old", "old, copied late", "new"]
    assert titles(asked(told, -40, until=-5)) == ["old", "old, copied late"]
    assert titles(asked(told, -24, site="b.example")) == ["new"]


@pytest.mark.parametrize("page", [1, 2, 50])
def test_stories_of_one_site_are_left_out_and_counted(
    told: Backend, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(top, "PAGE", page)
    found = asked(told, -24)
    assert (found.total, found.one_site, found.complete) == (3, 1, True)
    first = asked(told, -24, most=1)
    assert (titles(first), first.total, first.complete) == (["old, copied late"], 3, False)


def test_a_site_that_the_index_does_not_know(told: Backend) -> None:
    assert unknown_site(told, "A.example") == ""
    assert unknown_site(told, "http://www.b.example/news").endswith("did you mean b.example?")
    assert "there are a.example, b.example, c.example, d.example" in unknown_site(told, "zzz")


def test_of_an_empty_index_no_site_is_wrong(backend: Backend) -> None:
    assert unknown_site(backend, "a.example") == ""
    assert asked(backend, -24) == TopStories(Asked(NOON - 24 * HOUR), [], 0, 0)
