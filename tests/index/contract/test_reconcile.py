"""Judging stored articles anew, on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from index.article import Article
from index.backend import Backend, Edge
from index.stories import linker, verdict
from index.stories.linker import link_pending
from index.stories.reconcile import reconcile
from tests.index.stories.labelled import article_of, rows
from tests.make import NOON

ARTICLES = [
    article_of(row).model_copy(update={"fetched_at": NOON + timedelta(hours=number)})
    for number, row in enumerate(rows()[:24])
]

Labels = dict[str, tuple[Any, ...]]


def labels(backend: Backend) -> Labels:
    stored = backend.get([each.id for each in ARTICLES]).values()
    return {each.id: (each.story_id, each.role, each.copies, tuple(each.outlets)) for each in stored}


@pytest.fixture
def linked(backend: Backend) -> Backend:
    backend.put(ARTICLES)
    link_pending(backend)
    return backend


def paged(backend: Backend, size: int, hours: float | None = None) -> list[str]:
    since, found = NOON + timedelta(hours=hours) if hours is not None else None, list[str]()
    while ids := backend.fetched(since, after=found[-1] if found else "", limit=size):
        found += ids
    return found


def ids(articles: Sequence[Article]) -> list[str]:
    return sorted(each.id for each in articles)


def test_ids_come_sorted_in_pages(linked: Backend) -> None:
    assert paged(linked, 5) == paged(linked, 1000) == ids(ARTICLES)
    assert paged(linked, 5, 20) == ids(ARTICLES[20:])
    assert paged(linked, 5, 23.5) == []


def test_what_is_right_stays_and_the_check_is_clean(linked: Backend) -> None:
    before = labels(linked)
    report = reconcile(linked)
    assert (report.linked, report.relabelled) == (len(ARTICLES), 0)
    assert labels(linked) == before
    assert linked.check().faults == []


def test_a_verdict_that_slipped_in_is_withdrawn(linked: Backend) -> None:
    """A process that was killed had stored a verdict on what was furniture a moment before."""
    before = labels(linked)
    others = {id: label for id, label in before.items() if label[2] == 0 and label[1] == "canonical"}
    a, b = sorted(others)[:2]
    one, two = linked.get([a, b]).values()
    assert linked.link((), [Edge(a, b, True, "copy", one.judged_hash, two.judged_hash)]) == {a, b}
    assert labels(linked) != before
    reconcile(linked)
    assert labels(linked) == before


def test_only_what_was_fetched_since_is_judged(linked: Backend) -> None:
    assert reconcile(linked, NOON + timedelta(hours=20)).linked == 4
    assert reconcile(linked, NOON + timedelta(hours=99)).linked == 0


def test_what_is_pending_is_linked_too(linked: Backend) -> None:
    late = ARTICLES[0].model_copy(update={"id": "f" * 32, "url": "https://late.example/1"})
    linked.put([late])
    assert reconcile(linked, NOON + timedelta(hours=99)).linked == 1
    assert linked.pending(10) == []


def test_fingerprints_of_another_version_are_made_anew(backend: Backend) -> None:
    """Found by values that nobody asks for any more, no article had a copy."""
    old = [
        each.model_copy(update={"fingerprint": [f"{number:016x}"]}) for number, each in enumerate(ARTICLES)
    ]
    backend.put(old)
    link_pending(backend)
    assert {label[2] for label in labels(backend).values()} == {0}
    shown: list[tuple[str, int, int | None]] = []
    report = reconcile(backend, progress=lambda part, done, total=None: shown.append((part, done, total)))
    assert report.accepted > 0
    stored = backend.get(ids(ARTICLES))
    assert all(stored[each.id].fingerprint == each.fingerprint for each in ARTICLES)
    assert shown[-1] == ("pairs", len(ARTICLES), len(ARTICLES))
    assert ("fingerprints", len(ARTICLES), len(ARTICLES)) in shown
    assert reconcile(backend).relabelled == 0


@pytest.mark.parametrize(
    ("stored", "offset", "day"),
    [
        ("2026-01-17T21:00+00:00", None, 18),  # midnight in Moscow
        ("2026-01-18T05:00+00:00", None, 18),  # in New York
        ("2026-01-17T13:00+00:00", None, 18),  # in Magadan
        ("2026-01-17T11:00+00:00", 780, 18),  # in Auckland, as the page says
        ("2026-01-17T12:00+00:00", None, 17),  # a noon stays
    ],
)
def test_a_day_that_was_stored_as_a_midnight_is_put_right(
    backend: Backend, stored: str, offset: int | None, day: int
) -> None:
    """What an earlier version stored; linked again with its new time, and the second time nothing is left to do."""
    midnight = {
        "published_at": datetime.fromisoformat(stored),
        "published_precision": "day",
        "published_offset": offset,
    }
    articles = [each.model_copy(update=midnight) for each in ARTICLES[:3]]
    exact = ARTICLES[3].model_copy(update={"published_at": datetime.fromisoformat(stored)})
    backend.put([*articles, exact])
    link_pending(backend)
    reconcile(backend)
    found = backend.get(ids([*articles, exact]))
    assert {found[each.id].published_at for each in articles} == {datetime(2026, 1, day, 12, tzinfo=UTC)}
    assert found[exact.id].published_at == exact.published_at
    assert backend.pending(10) == []
    assert backend.check().faults == []
    reconcile(backend)
    assert backend.get(ids([*articles, exact])) == found


def test_other_rules_are_applied_to_what_is_stored(linked: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    before = labels(linked)

    def nothing(a: Any, b: Any) -> verdict.Verdict:
        found = verdict.judge(a, b)
        return verdict.Verdict(False, "text", found.small, found.large, found.linked, found.overlap)

    with monkeypatch.context() as patched:
        patched.setattr(linker, "judge", nothing)
        reconcile(linked)
        assert {label[2] for label in labels(linked).values()} == {0}
    reconcile(linked)
    assert labels(linked) == before
