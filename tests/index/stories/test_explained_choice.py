"""Each step that may decide which article stands for its story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.explain import explain
from index.stories.linker import link_pending
from tests.index.stories.counted_words import article, words
from tests.index.stories.labelled import article_of, marked, rows

TEXT = words(0, 60)
MOST = [article_of(row) for row in rows() if row["story"] == "most"]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


def step_of(backend: Backend, *articles: Article) -> tuple[str, str, str]:
    """Step and words of the choice in the story of these articles, and the canonical article."""
    backend.put(articles)
    link_pending(backend)
    stored = backend.get([each.id for each in articles]).values()
    choices = {explain(backend, each).story.choice for each in stored}
    (choice,) = choices  # whichever member is asked
    story = backend.story(articles[0].id)
    assert len(story) == len(articles)
    assert choice.canonical.article.id == story[0].id
    assert (choice.runner_up is None) == (len(articles) == 1)
    return choice.step, choice.words, choice.canonical.article.site


def test_alone(backend: Backend) -> None:
    alone = step_of(backend, article("one", TEXT))
    assert alone == ("alone", "it is the only article of its story", "one.example")


def test_named_by_others(backend: Backend) -> None:
    assert step_of(backend, *MOST) == (
        "named",
        "the marks of 3 other articles of the story name its house, ria.ru, or a reprint of it; none names the runner-up's",
        "ria.ru",
    )
    choice = explain(backend, backend.get([MOST[0].id])[MOST[0].id]).story.choice
    assert choice.canonical.named_by == 3
    assert choice.runner_up is not None
    assert (choice.runner_up.named_by, choice.runner_up.marks) == (0, ("ria.ru",))


def test_named_by_more(backend: Backend) -> None:
    sites = [("one", ""), ("two", ""), ("three", "one"), ("four", "one"), ("five", "two")]
    made = [
        article(name, TEXT, source=marked(f"{name}.example", f"{of}.example", "x"))
        if of
        else article(name, TEXT)
        for name, of in sites
    ]
    step, said, site = step_of(backend, *made)
    assert (step, site) == ("named", "one.example")
    assert (
        said
        == "the marks of 2 other articles of the story name its house, one.example, or a reprint of it; 1 names the runner-up's"
    )


def test_no_mark_of_its_own(backend: Backend) -> None:
    copy = article(
        "early", TEXT, hours=-2, source=marked("early.example", "absent.example", "absent.example")
    )
    assert step_of(backend, copy, article("late", TEXT)) == (
        "unmarked",
        "it carries no mark of another house, the runner-up does (absent.example)",
        "late.example",
    )


def test_the_earliest(backend: Backend) -> None:
    assert step_of(backend, article("late", TEXT, hours=2), article("early", TEXT)) == (
        "earliest",
        "it is the earliest: 18 Jan 2026 12:00 UTC; the runner-up 18 Jan 2026 14:00 UTC",
        "early.example",
    )


def test_a_date_without_a_time_is_the_end_of_its_day(backend: Backend) -> None:
    day = article("day", TEXT, published_precision="day")
    assert step_of(backend, day, article("noon", TEXT)) == (
        "earliest",
        (
            "it is the earliest: 18 Jan 2026 12:00 UTC; the runner-up 18 Jan 2026, which without a time counts as the "
            "end of the day"
        ),
        "noon.example",
    )


def test_no_date_is_a_day_after_the_first_sight(backend: Backend) -> None:
    unknown = article("unknown", TEXT, published_precision="unknown")
    step, said, site = step_of(backend, unknown, article("late", TEXT, hours=23))
    assert (step, site) == ("earliest", "late.example")
    assert said.endswith("the runner-up seen 18 Jan 2026, which without a date counts as a day later")


def test_the_smallest_id(backend: Backend) -> None:
    pair = [article("one", TEXT), article("two", TEXT)]
    step, said, site = step_of(backend, *pair)
    assert (step, said) == (
        "smallest_id",
        "nothing else tells the two apart, so the smaller id decides",
    )
    assert site == min(pair, key=lambda each: each.id).site


def test_two_houses_that_are_named_alike(backend: Backend) -> None:
    one, two = (
        article(name, TEXT, hours=hours, source=marked(f"{name}.example", f"{other}.example", "x"))
        for name, other, hours in (("one", "two", 1), ("two", "one", 0))
    )
    assert step_of(backend, one, two) == (
        "earliest",
        (
            "it is the earliest: 18 Jan 2026 12:00 UTC; the runner-up 18 Jan 2026 13:00 UTC (both houses are named by "
            "1 other)"
        ),
        "two.example",
    )
