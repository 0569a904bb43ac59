"""From a parsed query to SQL: which table leads the search, the condition on each row, and the score.

Every query is a boolean condition on one `facet` row, so any mix of AND, OR and NOT over words and
filters means what it says. What words decide alone becomes one FTS5 expression that leads the search:
`FROM text CROSS JOIN facet` is up to 60 times quicker than `n IN (SELECT rowid ...)` (measured).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.search.analysis import fold_value, stems, words
from index.search.query import And, Copied, Filter, Node, Not, Or, Period, Phrase, Query, Word

WEIGHTS = "3.0, 1.0, 1.0"  # BM25 weights of title, author, body: a headline says what a text is about
NO_SCORE = "0.0"
_BY_COPIES = "-1.0 * ifnull(copied.copies, 0)"
# Few articles have copies: they are looked up in a list of their own, not each hit in the wide `article` table.
_COPIES = "copied AS MATERIALIZED (SELECT n, copies FROM article WHERE copies > 0),"
_WITH_COPIES = " LEFT JOIN copied ON copied.n = facet.n"
# Led by the copies of that time, so that what is older costs nothing; the same as `last_copy` at or after it. Of
# 100,000 articles over 90 days `svodka stories` takes 9 ms for a day, 50 ms for a week, 0.16 s for 30 (measured).
_COPIED_SINCE = """facet.n IN (
  SELECT original.n FROM facet AS copy
  CROSS JOIN article AS member ON member.n = copy.n
  CROSS JOIN article AS original ON original.story = member.story
  WHERE copy.published >= {since} AND copy.canonical = 0 AND original.copies > 0)"""
_COPIED = "(SELECT copies > 0 FROM article WHERE article.n = facet.n)"
_COLUMNS = {
    "site": ("site",),
    "source": ("source", "source_domain"),
    "lang": ("lang",),
    "section": ("section",),
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """Parts of the statement of `index.sqlite.search`, and the values of its placeholders."""

    tables: str  # common table expressions that `source` needs, '' for none
    source: str
    condition: str
    score: str  # lower is better, as FTS5's bm25
    values: dict[str, object]


def compile_query(connection: sqlite3.Connection, query: Query) -> Compiled:
    """Compile a query for this index, whose `names` filter values are looked up in."""
    return _Compiler(connection, query).compiled()


@dataclass
class _Compiler:
    connection: sqlite3.Connection
    query: Query
    values: dict[str, object] = field(default_factory=dict)

    def compiled(self) -> Compiled:
        parts = list(_flat(self.query.root))
        leading: list[Node] = [part for part in parts if _expression(part)]
        prefixes = [part for part in parts if isinstance(part, Word) and part.prefix and words(part.text)]
        if leading:
            leading += [part for part in parts if isinstance(part, Not) and _expression(part.part)]
            return self.led_by("text", _expression(And(tuple(leading))), _without(parts, leading))
        if prefixes:
            return self.led_by("exact", " AND ".join(map(_prefix, prefixes)), _without(parts, prefixes))
        return self.led_by_facets(parts)

    def led_by(self, table: str, expression: str | None, rest: Sequence[Node]) -> Compiled:
        condition = f"{table} MATCH {self.bind(expression)} AND {self.all_of(rest)}"
        score = self.unranked or f"bm25({table}, {WEIGHTS})"
        source = f"{table} CROSS JOIN facet ON facet.n = {table}.rowid"
        return self.made(source, condition, score)

    def led_by_facets(self, parts: Sequence[Node]) -> Compiled:
        """No word has to match: words in an OR with filters still rank what they find."""
        condition = self.all_of(parts)
        ranking = " OR ".join(_positive(self.query.root))
        if not ranking or self.unranked:
            return self.made("facet", condition, self.unranked or NO_SCORE)
        tables = f"""ranked AS MATERIALIZED (
          SELECT rowid AS n, bm25(text, {WEIGHTS}) AS score FROM text WHERE text MATCH {self.bind(ranking)}
        ),"""  # noqa: S608 - fixed words and a placeholder
        return Compiled(
            tables, "facet LEFT JOIN ranked USING (n)", condition, "ifnull(ranked.score, 0.0)", self.values
        )

    def made(self, source: str, condition: str, score: str) -> Compiled:
        if score != _BY_COPIES:
            return Compiled("", source, condition, score, self.values)
        return Compiled(_COPIES, source + _WITH_COPIES, condition, score, self.values)

    def all_of(self, parts: Sequence[Node]) -> str:
        shown = [] if self.query.copies else ["facet.canonical = 1"]
        return " AND ".join([*shown, *map(self.condition, parts)]) or "1"

    def condition(self, node: Node) -> str:
        if expression := _expression(node):
            return self.found_in("text", expression)
        if isinstance(node, Not):
            return f"NOT {self.condition(node.part)}"
        if isinstance(node, And):
            return f"({' AND '.join(map(self.condition, node.parts)) or '1'})"
        if isinstance(node, Or):
            return f"({' OR '.join(map(self.condition, node.parts)) or '0'})"
        if isinstance(node, Filter):
            return self.filter(node)
        if isinstance(node, Period):
            sign = ">=" if node.bound == "after" else "<"
            return f"facet.published {sign} {self.bind(int(node.moment.timestamp()))}"
        if isinstance(node, Copied):
            since = node.since and self.bind(int(node.since.timestamp()))
            return _COPIED_SINCE.format(since=since) if since else _COPIED
        return self.found_in("exact", _prefix(node)) if isinstance(node, Word) and words(node.text) else "0"

    def found_in(self, table: str, expression: str) -> str:
        return f"facet.n IN (SELECT rowid FROM {table} WHERE {table} MATCH {self.bind(expression)})"  # noqa: S608

    def filter(self, node: Filter) -> str:
        if node.field == "role":
            return f"facet.canonical = {int(node.value == 'canonical')}"
        if node.field == "story":
            return f"facet.n IN (SELECT n FROM article WHERE story = {self.bind(node.value)})"  # noqa: S608
        keys = ", ".join(map(str, self.names.get(fold_value(node.value), [])))
        return "(" + " OR ".join(f"facet.{column} IN ({keys})" for column in _COLUMNS[node.field]) + ")"

    @property
    def unranked(self) -> str:
        """The score where the words have no say in the order, '' where they have."""
        return {"date": NO_SCORE, "copies": _BY_COPIES}.get(self.query.sort or "", "")

    @cached_property
    def names(self) -> dict[str, list[int]]:
        """Keys by folded name: one value may be written in several ways ('Экономика', 'экономика')."""
        keys: dict[str, list[int]] = {}
        for key, name in self.connection.execute("SELECT k, name FROM names"):
            keys.setdefault(fold_value(name), []).append(key)
        return keys

    def bind(self, value: object) -> str:
        """A new placeholder for a value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def _flat(node: And) -> Iterator[Node]:
    for part in node.parts:
        if isinstance(part, And):
            yield from _flat(part)
        else:
            yield part


def _without(parts: Iterable[Node], taken: Sequence[Node]) -> list[Node]:
    return [part for part in parts if part not in taken]


def _expression(node: Node) -> str | None:
    """The node as an FTS5 expression over `text`; None where that cannot say it.

    FTS5's NOT is binary: exclusions need something to be excluded from.
    """
    if isinstance(node, Or):
        parts = [_expression(part) for part in node.parts]
        return f"({' OR '.join(map(str, parts))})" if parts and all(parts) else None
    if isinstance(node, And):
        return _conjunction(node)
    if isinstance(node, Phrase):
        return _quoted(stems(" ".join(node.words)), node.field)
    if isinstance(node, Word) and not node.prefix:
        return _quoted(stems(node.text), node.field)
    return None


def _conjunction(node: And) -> str | None:
    wanted = [_expression(part) for part in node.parts if not isinstance(part, Not)]
    excluded = [_expression(part.part) for part in node.parts if isinstance(part, Not)]
    if not wanted or not all(wanted) or not all(excluded):
        return None
    expression = f"({' AND '.join(map(str, wanted))})"
    return f"({expression} NOT ({' OR '.join(map(str, excluded))}))" if excluded else expression


def _quoted(tokens: Sequence[str], column: str) -> str | None:
    """An FTS5 string: its tokens hold letters only (`analysis.sealed`), so nothing in them needs escaping."""
    if not tokens:
        return None
    return f'"{" ".join(tokens)}"' if column == "any" else f'{column} : "{" ".join(tokens)}"'


def _prefix(node: Word) -> str:
    return f"{_quoted(words(node.text), node.field)}*"


def _positive(node: Node) -> Iterator[str]:
    """FTS5 expressions of the words and phrases that are looked for, not excluded."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _positive(part)
    elif isinstance(node, Word | Phrase) and (expression := _expression(node)):
        yield expression
