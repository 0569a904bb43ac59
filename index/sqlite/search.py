"""Runs a query on the embedded engine: the page of hits, the exact total and the facets, from one snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from index.search.highlight import terms
from index.search.hit import hit
from index.search.results import Bucket, Facets, Results
from index.sqlite.compiled import NO_SCORE, Compiled, compile_query
from index.sqlite.counts import Counted, Counts
from index.sqlite.documents import get
from index.sqlite.transaction import reading

if TYPE_CHECKING:
    from index.search.query import Query

EPOCH_DAY = date(1970, 1, 1).toordinal()
BROAD = 5_000  # hits; from so many on the newest are found sooner by going back in time than by finding all
_NAMED = ("site", "source", "section", "language")  # facets of which the rows hold keys of `names`
_ROLES = {0: "copy", 1: "canonical"}
_FACETS = (*_NAMED, "role", "day")

# A group costs a sort of all rows, so values are grouped in pairs: 100,000 hits take 60 ms less (measured).
_COUNTED = """
  UNION ALL SELECT 'site source', (site << 31) + source AS pair, count(*) FROM found GROUP BY pair
  UNION ALL SELECT 'section language role', (section << 32) + (lang << 1) + canonical AS three, count(*)
    FROM found GROUP BY three
  UNION ALL SELECT 'day', (published + :epoch) / 86400 AS day, count(*) FROM found GROUP BY day
"""
_TOTAL = "SELECT 'total', 0, count(*) FROM found"
_KEY = (1 << 31) - 1

Row = tuple[str, int | str, float]


def search(connection: sqlite3.Connection, query: Query, counts: Counts) -> Results:
    """The hits of a query; raises `IndexUnavailable` when the file cannot be read."""
    with reading(connection):
        compiled = compile_query(connection, query)
        key = (compiled.tables, compiled.source, compiled.condition, *compiled.values.items(), query.facets)
        counted = counts.get(connection, key)
        statement = _statement(compiled, query, counted)
        rows: list[Row] = connection.execute(statement, _values(compiled, query)).fetchall()
        if counted is None:
            counted = _counted(connection, rows)
            counts.keep(key, counted)
        scores = {str(value): number for kind, value, number in rows if kind == "hit"}
        articles = get(connection, scores)
    wanted = terms(query.root)
    hits = [hit(article, scores[id], wanted) for id, article in articles.items()]
    return Results(query.text, counted.total, hits, counted.facets)


def _statement(compiled: Compiled, query: Query, counted: Counted | None) -> str:
    """What finds the page, and what counts all hits where that is not known yet."""
    if counted is None:
        counting = _TOTAL + (_COUNTED if query.facets else "") + " UNION ALL "
        return _found(compiled, counting)
    if compiled.source == "facet" and compiled.score == NO_SCORE and counted.total >= BROAD:
        return _newest(compiled)
    return _found(compiled, "")


def _found(compiled: Compiled, counting: str) -> str:
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
        {counting}
        SELECT * FROM (
          SELECT 'hit', article.id, 0 - found.score
          FROM found CROSS JOIN article USING (n) LEFT JOIN edge
          WHERE edge.score IS NULL OR (found.score, -found.published) <= (edge.score, -edge.published)
          ORDER BY found.score, article.published DESC, article.id LIMIT :limit OFFSET :offset
        )
    """  # noqa: S608 - the compiled parts are made of fixed words and placeholders


def _newest(compiled: Compiled) -> str:
    """The newest of many hits without a score, by the index of publication times: no others are looked at."""
    return f"""
        WITH edge AS (
          SELECT published FROM facet WHERE {compiled.condition} ORDER BY published DESC LIMIT 1 OFFSET :last
        )
        SELECT 'hit', article.id, 0.0 FROM facet CROSS JOIN article USING (n)
        WHERE facet.published >= ifnull((SELECT published FROM edge), -1e18) AND {compiled.condition}
        ORDER BY article.published DESC, article.id LIMIT :limit OFFSET :offset
    """  # noqa: S608 - the compiled parts are made of fixed words and placeholders


def _values(compiled: Compiled, query: Query) -> dict[str, object]:
    return compiled.values | {
        "last": max(query.offset + query.limit - 1, 0),
        "limit": query.limit,
        "offset": query.offset,
        "epoch": EPOCH_DAY * 86_400,  # days are counted as `date.toordinal` does
    }


def _counted(connection: sqlite3.Connection, rows: Iterable[Row]) -> Counted:
    total = 0
    counts: dict[str, Counter[int]] = {name: Counter() for name in _FACETS}
    for kind, value, number in rows:
        if kind == "total":
            total = int(number)
        for facet, key in _parts(kind, value):
            counts[facet][key] += int(number)
    return Counted(total, _facets(connection, counts))


def _parts(kind: str, value: int | str) -> tuple[tuple[str, int], ...]:
    """The facets and keys that a counted row is about."""
    if kind in {"hit", "total"}:
        return ()
    number = int(value)
    if kind == "site source":
        return ("site", number >> 31), ("source", number & _KEY)
    if kind == "day":
        return (("day", number),)
    return ("section", number >> 32), ("language", number >> 1 & _KEY), ("role", number & 1)


def _facets(connection: sqlite3.Connection, counts: Mapping[str, Mapping[int, int]]) -> Facets:
    names = _names(connection, {key for facet in _NAMED for key in counts[facet]})
    named = {facet: _buckets(counts[facet], names) for facet in _NAMED}
    days = [Bucket(date.fromordinal(day).isoformat(), count) for day, count in sorted(counts["day"].items())]
    return Facets(**named, role=_buckets(counts["role"], _ROLES), day=days[::-1])


def _names(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, str]:
    sql = "SELECT k, name FROM names WHERE k IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (json.dumps(list(keys)),)).fetchall())


def _buckets(counts: Mapping[int, int], names: Mapping[int, str]) -> list[Bucket]:
    """The most frequent first; '' is no value: the article has no section."""
    buckets = [Bucket(names[key], count) for key, count in counts.items() if names[key]]
    return sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))
