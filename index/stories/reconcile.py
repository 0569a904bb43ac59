"""Judging stored articles again, so that their stories follow from what is stored now and from nothing else.

Linking does that as articles arrive. What it cannot see to: rules that a new version of the program brought; a
process that was killed at the very moment in which another one changed what its verdict was based on. Running
this twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from index.day import moved_to_noon
from index.stories.fingerprint import fingerprint_of
from index.stories.linker import LinkReport, link_batch, link_pending
from index.stories.marks import has_own_dateline
from index.stories.rules import note_rules

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend
    from index.progress import Shown


def reconcile(backend: Backend, since: datetime | None = None, progress: Shown | None = None) -> LinkReport:
    """Judge anew the articles fetched at or after a moment (None: all), and link what is pending.

    All fingerprints first (with the noons of days that an earlier version stored as midnights), then the pairs:
    an article is looked up among the others' new ones. `progress` is told the part at work, how many articles were
    looked at, and of how many where that is known. When all were judged the index is noted to be of these rules.
    """
    total = None if since is not None else backend.stats()["articles"]
    for done, ids in _pages(backend, since):
        _renew(backend, ids)
        if progress is not None:
            progress("fingerprints", done, total)
    report = LinkReport()
    for done, ids in _pages(backend, since):
        report += link_batch(backend, ids)
        if progress is not None:
            progress("pairs", done, total)
    report += link_pending(backend)
    if since is None and not backend.pending(1):
        note_rules(backend)
    return report


def _pages(backend: Backend, since: datetime | None) -> Iterator[tuple[int, list[str]]]:
    """Ids in batches, in their order, and how many they are so far."""
    done, last = 0, ""
    while ids := backend.fetched(since, after=last, limit=backend.batch):
        done, last = done + len(ids), ids[-1]
        yield done, ids


def _renew(backend: Backend, ids: Sequence[str]) -> None:
    """Store the articles again of which this version makes something else: fingerprint, noon of a day, own dateline."""
    stored = backend.get(ids)
    changed = [
        new for new in map(_renewed, stored.values()) if new != stored[new.id] or has_own_dateline(new)
    ]
    if changed:
        backend.put(changed)


def _renewed(article: Article) -> Article:
    """The article with all that this version makes of what is stored of it."""
    update: dict[str, object] = {"fingerprint": fingerprint_of(article)}
    if article.published_precision == "day":
        update["published_at"] = moved_to_noon(article.published_at, article.published_offset)
    return article.model_copy(update=update)
