"""Runs a query on the embedded engine: the page of hits, the exact total and the facets, from one snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from index.search.highlight import terms
from index.search.hit import hit
from index.search.results import Bucket, Facets, Results
from index.sqlite.compiled import Compiled, compile_query
from index.sqlite.documents import get
from index.sqlite.transaction import reading

if TYPE_CHECKING:
    from index.search.query import Query

EPOCH_DAY = date(1970, 1, 1).toordinal()
_NAMED = ("site", "source", "section", "language")  # facets of which the rows hold keys of `names`
_ROLES = {0: "copy", 1: "canonical"}

_COUNTED = """
  UNION ALL SELECT 'site', site, count(*) FROM found GROUP BY site
  UNION ALL SELECT 'source', source, count(*) FROM found GROUP BY source
  UNION ALL SELECT 'section', section, count(*) FROM found GROUP BY section
  UNION ALL SELECT 'language', lang, count(*) FROM found GROUP BY lang
  UNION ALL SELECT 'role', canonical, count(*) FROM found GROUP BY canonical
  UNION ALL SELECT 'day', (published + :epoch) / 86400 AS day, count(*) FROM found GROUP BY day
"""

Row = tuple[str, int | str, float]


def search(connection: sqlite3.Connection, query: Query) -> Results:
    """The hits of a query; raises `IndexUnavailable` when the file cannot be read."""
    with reading(connection):
        compiled = compile_query(connection, query)
        statement = _statement(compiled, _COUNTED if query.facets else "")
        rows: list[Row] = connection.execute(statement, _values(compiled, query)).fetchall()
        scores = {str(value): number for kind, value, number in rows if kind == "hit"}
        articles = get(connection, scores)
        facets = _facets(connection, rows)
    wanted = terms(query.root)
    hits = [hit(article, scores[key], wanted) for key, article in articles.items()]
    total = next(int(number) for kind, _, number in rows if kind == "total")
    return Results(query.text, total, hits, facets)


def _statement(compiled: Compiled, counted: str) -> str:
    """One statement: found rows are gathered once, then counted, grouped and paged.

    Only the hits up to the last one on the page are put in their final order, which needs the wide
    `article` table: all that rank no lower than it (`edge`), ties included.
    """
    return f"""
        WITH {compiled.tables} found AS MATERIALIZED (
          SELECT facet.n, facet.site, facet.source, facet.section, facet.lang, facet.canonical, facet.published,
            {compiled.score} AS score
          FROM {compiled.source} WHERE {compiled.condition}
        ),
        edge AS (SELECT score, published FROM found ORDER BY score, published DESC LIMIT 1 OFFSET :last)
        SELECT 'total', 0, count(*) FROM found
        {counted}
        UNION ALL SELECT * FROM (
          SELECT 'hit', article.id, 0 - found.score
          FROM found CROSS JOIN article USING (n) LEFT JOIN edge
          WHERE edge.score IS NULL OR (found.score, -found.published) <= (edge.score, -edge.published)
          ORDER BY found.score, article.published DESC, article.id LIMIT :limit OFFSET :offset
        )
    """  # noqa: S608 - the compiled parts are made of fixed words and placeholders


def _values(compiled: Compiled, query: Query) -> dict[str, object]:
    return compiled.values | {
        "last": max(query.offset + query.limit - 1, 0),
        "limit": query.limit,
        "offset": query.offset,
        "epoch": EPOCH_DAY * 86_400,  # days are counted as `date.toordinal` does
    }


def _facets(connection: sqlite3.Connection, rows: Iterable[Row]) -> Facets:
    counts: dict[str, dict[int, int]] = {name: {} for name in (*_NAMED, "role", "day")}
    for kind, value, number in rows:
        if kind in counts:
            counts[kind][int(value)] = int(number)
    names = _names(connection, {key for facet in _NAMED for key in counts[facet]})
    named = {facet: _buckets(counts[facet], names) for facet in _NAMED}
    days = [Bucket(date.fromordinal(day).isoformat(), count) for day, count in sorted(counts["day"].items())]
    return Facets(**named, role=_buckets(counts["role"], _ROLES), day=days[::-1])


def _names(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, str]:
    sql = "SELECT k, name FROM names WHERE k IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (json.dumps(list(keys)),)).fetchall())


def _buckets(counts: dict[int, int], names: dict[int, str]) -> list[Bucket]:
    """The most frequent first; '' is no value: the article has no section."""
    buckets = [Bucket(names[key], count) for key, count in counts.items() if names[key]]
    return sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))
