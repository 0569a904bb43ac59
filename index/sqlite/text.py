"""The two full-text tables: `text` over stems (words, phrases), `exact` over words as written (prefixes).

A barrier stands between lead and body and between authors, where Elasticsearch has separate values: no
phrase matches across it. Both tables are contentless: a row can only be taken out by giving FTS5 the very tokens that were put in
(https://www.sqlite.org/fts5.html, "Contentless Tables"), so the stored article is analysed again for it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.search.analysis import BARRIER, stems, words
from index.sqlite.documents import unpack
from index.sqlite.transaction import reading, writing

if TYPE_CHECKING:
    from index.article import Article

# Endings of every kind in both languages, joints, numbers, marks and foreign scripts.
_SAMPLE = """
    Угроза угрозы угрозами новостью новостей зданиями здании путём ёлки надёжнейший важнейшего красивыми
    сообщившего сообщивши сообщается строящихся открылись открывшийся решивший говорила пойдёте нёсший
    правительственность деятельностью московский по-московски Киевскому самый лучше бегущую сделанную
    government governmental generously relational conditional running flies flying happily agreed hoped
    nationalization effectiveness skies dying news don't Putin's U.S. ria.ru п'ять 1,5 12.345 19:30 2022-01
    COVID-19 за\u0301мок cafe\u0301 Übergröße naïve ŁÓDŹ ПРЕСС\u00adСЛУЖБА ҐАНОК ўзнагарода 北京 ひらがな 한국어 C++ №5 50% ² ㉑ п‘ять word\u200e 2\ufe0f\u20e3 vetеvendosje
"""

_SAMPLE_PARTS = [_SAMPLE, "и вторая часть"]

Columns = tuple[str, str, str]
"""Title, author, body: tokens parted by blanks."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an article contributes to the two tables."""

    text: Columns
    exact: Columns


def tokens(article: Article) -> Tokens:
    """Analyse an article. It is the costly part of storing it, so it is done before the lock is taken."""
    return Tokens(_columns(article, stems), _columns(article, words))


def same_text(one: Article, other: Article) -> bool:
    """Whether two articles have the same tokens for certain, so that the text index can be left alone."""
    return _searched(one) == _searched(other)


def add(connection: sqlite3.Connection, rows: Iterable[tuple[int, Tokens]], schema: str = "main") -> None:
    """Put articles (row number, tokens) into both tables."""
    for n, entry in rows:
        for table, columns in (("text", entry.text), ("exact", entry.exact)):
            connection.execute(
                f"INSERT INTO {schema}.{table}(rowid, title, author, body) VALUES (?, ?, ?, ?)",  # noqa: S608 - fixed names
                (n, *columns),
            )


def remove(connection: sqlite3.Connection, rows: Iterable[tuple[int, Tokens]]) -> None:
    """Take articles out again; the tokens have to be those that were put in."""
    for n, entry in rows:
        for table, columns in (("text", entry.text), ("exact", entry.exact)):
            connection.execute(
                f"INSERT INTO {table}({table}, rowid, title, author, body) VALUES ('delete', ?, ?, ?, ?)",  # noqa: S608 - fixed names
                (n, *columns),
            )


def rebuild(connection: sqlite3.Connection) -> int:
    """Make both tables anew from the stored articles, in one transaction; how many articles that were.

    The remedy for text faults of `check`. Takes about a millisecond an article; other writers wait.
    """
    with writing(connection):
        return _rebuild(connection)


def keep_current(connection: sqlite3.Connection) -> None:
    """Rebuild both tables if another analysis made them (a new stemmer): it could take nothing out of them."""
    if _made_by(connection) != analysis_digest():
        with writing(connection):
            if _made_by(connection) != analysis_digest():
                _rebuild(connection)


@cache
def analysis_digest() -> str:
    """A hash of what the analysis makes of a sample, the same as long as columns are made the same way."""
    sample = json.dumps([_column(_SAMPLE_PARTS, analyse) for analyse in (stems, words)])
    return blake2b(sample.encode(), digest_size=8).hexdigest()


def _made_by(connection: sqlite3.Connection) -> str | None:
    with reading(connection):
        row = connection.execute("SELECT digest FROM analysis").fetchone()
    return row[0] if row else None


def _rebuild(connection: sqlite3.Connection) -> int:
    connection.execute("INSERT INTO text(text) VALUES ('delete-all')")
    connection.execute("INSERT INTO exact(exact) VALUES ('delete-all')")
    count = 0
    for n, packed in connection.execute("SELECT n, z FROM body ORDER BY n"):
        add(connection, [(n, tokens(unpack(packed)))])
        count += 1
    connection.execute("DELETE FROM analysis")
    connection.execute("INSERT INTO analysis(digest) VALUES (?)", (analysis_digest(),))
    return count


def _columns(article: Article, analyse: Callable[[str], list[str]]) -> Columns:
    title, authors, text = (_column(parts, analyse) for parts in _searched(article))
    return title, authors, text


def _column(parts: Sequence[str], analyse: Callable[[str], list[str]]) -> str:
    return f" {BARRIER} ".join(" ".join(analyse(part)) for part in parts)


def _searched(article: Article) -> tuple[list[str], list[str], list[str]]:
    """The parts of each column."""
    return [article.title], article.authors, [*filter(None, [article.lead]), article.body]
