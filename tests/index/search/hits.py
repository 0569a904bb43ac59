"""Valid hits for tests: `make_hit(title=...)` fills in what the test does not care about."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from index.search.results import Bucket, Facets, Hit, Results
from tests.make import NOON, digest


def make_hit(**changes: Any) -> Hit:
    """A hit with these fields."""
    fields: dict[str, Any] = {
        "id": digest("hit"),
        "url": "https://ria.ru/20260118/most.html",
        "site": "ria.ru",
        "title": "Мост через реку открыли раньше срока",
        "lead": None,
        "language": "ru",
        "section": None,
        "authors": [],
        "published_at": NOON,
        "published_precision": "second",
        "published_origin": "json_ld",
        "source_name": "РИА Новости",
        "source_domain": "ria.ru",
        "story_id": digest("hit"),
        "role": "canonical",
        "copies": 0,
        "outlets": ["ria.ru"],
        "first_copy_at": None,
        "last_copy_at": None,
        "revision": 1,
        "score": 1.5,
        "highlights": ["Движение по новому мосту началось утром."],
    }
    return Hit(**fields | changes)


def make_results(*hits: Hit, total: int | None = None, facets: Facets | None = None) -> Results:
    """An answer with these hits; `total` of all pages."""
    few = make_facets(
        site=[Bucket("ria.ru", 2)], source=[Bucket("РИА Новости", 1)], day=[Bucket("2026-01-18", 2)]
    )
    return Results("мост", len(hits) if total is None else total, list(hits), facets or few)


def make_facets(**values: list[Bucket]) -> Facets:
    """Facets with these buckets, the others empty."""
    return Facets(**{facet.name: values.get(facet.name, []) for facet in fields(Facets)})
