"""The sweep, on every engine."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from index.article import Article
from index.backend import Backend, Edge
from index.stories import sweep as swept
from index.stories.linker import link_pending
from index.stories.sweep import sweep
from tests.index.stories.labelled import article_of, rows
from tests.make import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ARTICLES = [
    article_of(row).model_copy(update={"fetched_at": NOON - timedelta(minutes=number)})
    for number, row in enumerate(rows()[:24])
]


def damaged(backend: Backend) -> tuple[Article, Article]:
    """Two articles that are no copies, in one story: the verdict of a process that was killed."""
    backend.put(ARTICLES)
    link_pending(backend)
    alone = [
        each for each in backend.get([a.id for a in ARTICLES]).values() if each.outlets and not each.copies
    ]
    one, other = sorted(alone, key=lambda each: each.id)[:2]
    backend.link((), [Edge(one.id, other.id, True, "copy", one.judged_hash, other.judged_hash)])
    assert together(backend, one, other)
    return one, other


def together(backend: Backend, one: Article, other: Article) -> bool:
    return len({each.story_id for each in backend.get([one.id, other.id]).values()}) == 1


def test_a_new_index_begins_with_a_day_without(backend: Backend) -> None:
    pair = damaged(backend)
    assert sweep(backend, NOON).linked == sweep(backend, NOON + 23 * HOUR).linked == 0
    assert together(backend, *pair)
    assert sweep(backend, NOON + DAY).linked == len(ARTICLES)
    assert not together(backend, *pair)
    assert backend.check().faults == []


def test_once_a_day_and_two_days_back(backend: Backend) -> None:
    sweep(backend, NOON - DAY)
    damaged(backend)
    assert sweep(backend, NOON).linked == len(ARTICLES)
    assert sweep(backend, NOON + 23 * HOUR).linked == 0
    assert sweep(backend, NOON + DAY).linked == len(ARTICLES)
    assert sweep(backend, NOON + 2 * DAY - timedelta(minutes=9)).linked == 0
    assert sweep(backend, NOON + 2 * DAY - timedelta(minutes=9) + DAY).linked == 0


def test_the_next_call_goes_on_where_the_time_was_over(backend: Backend) -> None:
    sweep(backend, NOON - DAY)
    damaged(backend)
    ticks = count()
    linked = [
        sweep(backend, NOON + number * HOUR, seconds=1.5, clock=lambda: float(next(ticks))).linked
        for number in range(4)
    ]
    assert sum(linked) == len(ARTICLES)
    assert linked[0] == min(backend.batch, len(ARTICLES))


def test_a_state_that_cannot_be_read_begins_anew(backend: Backend) -> None:
    backend.put_state(swept.KEY, {"began_at": "yesterday"})
    assert sweep(backend, NOON).linked == 0
    assert backend.get_state(swept.KEY)["after"] is None
