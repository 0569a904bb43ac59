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

Row = tuple[str, int | str, float]


def search(connection: sqlite3.Connection, query: Query) -> Results:
    """The hits of a query; raises `IndexUnavailable` when the file cannot be read."""
    with reading(connection):
        compiled = compile_query(connection, query)
        rows: list[Row] = connection.execute(_statement(compiled), _values(compiled, query)).fetchall()
        scores = {str(value): number for kind, value, number in rows if kind == "hit"}
        articles = get(connection, scores)
        facets = _facets(connection, rows)
    wanted = terms(query.root)
    hits = [hit(article, scores[key], wanted) for key, article in articles.items()]
    total = next(int(number) for kind, _, number in rows if kind == "total")
    return Results(query.text, total, hits, facets)


def _statement(compiled: Compiled) -> str:
    """One statement: found rows are gathered once, then counted, grouped and paged.

    Only the hits up to the last one on the page are put in their final order, which needs the wide
    `article` table: all that rank no lower than it (`edge`), ties included.
    """
    return f"""
        WITH {compiled.tables} found AS MATERIALIZED (
          SELECT facet.n, facet.site, facet.source, facet.published, {compiled.score} AS score
          FROM {compiled.source} WHERE {compiled.condition}
        ),
        edge AS (SELECT score, published FROM found ORDER BY score, published DESC LIMIT 1 OFFSET :last)
        SELECT 'total', 0, count(*) FROM found
        UNION ALL SELECT 'site', site, count(*) FROM found GROUP BY site
        UNION ALL SELECT 'source', source, count(*) FROM found GROUP BY source
        UNION ALL SELECT 'day', (published + :epoch) / 86400 AS day, count(*) FROM found GROUP BY day
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
    counts: dict[str, dict[int, int]] = {"site": {}, "source": {}, "day": {}}
    for kind, value, number in rows:
        if kind in counts:
            counts[kind][int(value)] = int(number)
    names = _names(connection, counts["site"].keys() | counts["source"].keys())
    days = [
        Bucket(date.fromordinal(day).isoformat(), count) for day, count in sorted(counts["day"].items())[::-1]
    ]
    return Facets(_buckets(counts["site"], names), _buckets(counts["source"], names), days)


def _names(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, str]:
    sql = "SELECT k, name FROM names WHERE k IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (json.dumps(list(keys)),)).fetchall())


def _buckets(counts: dict[int, int], names: dict[int, str]) -> list[Bucket]:
    buckets = [Bucket(names[key], count) for key, count in counts.items()]
    return sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))
