"""Run documents for the replay: a week of crawls of three sites, with what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from index.kibana.fields import outcomes

SITES = ("svodnaya.example", "meridian-wire.example", "zapiski.example")


def run_documents(now: datetime) -> list[dict[str, Any]]:
    """Four runs a day of each site in the week before `now`; the last site fails, and has no pages."""
    return list(_runs(now))


def _runs(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(28):
        started = now - timedelta(hours=6 * number + 1)
        for place, site in enumerate(SITES):
            yield _run(site, started, number, failing=place == 2)


def _run(site: str, started: datetime, number: int, *, failing: bool) -> dict[str, Any]:
    counts = dict.fromkeys(outcomes(), 0)
    counts |= {"failed": 1} if failing else {"indexed": number % 5, "known": 10, "robots": 1}
    pages = 0 if failing else number % 5
    return {
        "id": blake2b(f"{site} {started} host".encode(), digest_size=16).hexdigest(),
        "site": site,
        "started_at": started.isoformat(),
        "finished_at": (started + timedelta(seconds=30)).isoformat(),
        "seconds": 30.0,
        "version": "1.0",
        "host": "desk",
        "trigger": "due",
        "finish": "index_error" if failing and number % 2 else "finished",
        "exit": 1 if failing else 0,
        "ok": not failing,
        "found": sum(counts.values()),
        "outcomes": counts,
        "copies": number % 2,
        "sources_read": 0 if failing else 1,
        "sources_failed": 1 if failing else 0,
        "pages": pages,
        "fill": {"title": 1.0, "body": 0.75, "date": 0.5, "author": 0.25} if pages else None,
        "newest_published_at": (started - timedelta(hours=1)).isoformat() if pages else None,
        "waiting": number if failing else 0,
        "dead": 0,
        "problems": ["feed http://zapiski.example/feed.xml: not a feed"] if failing else [],
    }
