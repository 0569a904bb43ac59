"""Does every article have its text, and do the rows that belong to it say what its document says?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import explain_invalid
from index.sqlite.documents import DocumentError, signed, unpack
from index.sqlite.runs import read_run
from index.stories.rank import Member
from index.tally import Tally

if TYPE_CHECKING:
    from index.article import Article

_ROWS = """
    SELECT n, article.id, article.url, article.site, article.domain, article.first_seen, article.fetched,
      article.published, article.vague, article.marks, article.content_hash, article.judged, article.revision, body.z,
      facet.n AS facet_n, facet.published AS facet_published,
      (SELECT name FROM names WHERE k = facet.site) AS facet_site,
      (SELECT name FROM names WHERE k = facet.source) AS facet_source,
      (SELECT name FROM names WHERE k = facet.source_domain) AS facet_source_domain,
      (SELECT name FROM names WHERE k = facet.section) AS facet_section,
      (SELECT name FROM names WHERE k = facet.lang) AS facet_lang
    FROM article LEFT JOIN body USING (n) LEFT JOIN facet USING (n) ORDER BY n
"""
_BELONGING = ("body", "facet", "revision", "link", "fingerprint")


def document_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Articles whose document is missing, unreadable, or at odds with their rows."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    for row in tally.each("articles", cursor.execute(_ROWS)):
        for fault in _article_faults(connection, row, tally):
            yield f"article {row['id']}: {fault}"


def stray_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Rows that belong to no article."""
    for table in _BELONGING:
        rows = connection.execute(
            f"SELECT DISTINCT n FROM {table} WHERE n NOT IN (SELECT n FROM article)"  # noqa: S608 - fixed names
        )
        for (n,) in rows:
            yield f"{table}: row {n} belongs to no article"


def state_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Crawl state that is no JSON object."""
    for key, text in tally.each("states", connection.execute("SELECT key, value FROM state")):
        try:
            sound = isinstance(json.loads(text), dict)
        except ValueError:
            sound = False
        if not sound:
            yield f"state {key!r}: not a JSON object"


def run_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Run records that cannot be read, or are at odds with what they are looked up by."""
    rows = connection.execute("SELECT id, site, started, document FROM run")
    for id, site, started, text in tally.each("runs", rows):
        try:
            run = read_run(text)
        except ValidationError as error:
            yield f"run {id}: the stored document cannot be read: {explain_invalid(error)}"
            continue
        except ValueError as error:
            yield f"run {id}: the stored document is no JSON object: {error}"
            continue
        if (run.id, run.site, run.started_at.timestamp()) != (id, site, started):
            yield f"run {id}: the document is of run {run.id} of {run.site}, started {run.started_at}"


def _article_faults(connection: sqlite3.Connection, row: sqlite3.Row, tally: Tally) -> Iterator[str]:
    if row["facet_n"] is None:
        yield "no facet row: no filter, sort or count sees it"
    if row["z"] is None:
        yield "no document stored"
        return
    try:
        article = unpack(row["z"])
    except DocumentError as error:
        yield f"the stored document cannot be read: {error}"
        return
    yield from _row_faults(row, article)
    yield from _link_faults(connection, row["n"], article, tally)
    yield from _fingerprint_faults(connection, row["n"], article, tally)
    yield from _revision_faults(connection, row["n"], article, tally)


def _row_faults(row: sqlite3.Row, article: Article) -> Iterator[str]:
    expected = _article_columns(article)
    if row["facet_n"] is not None:
        expected |= _facet_columns(article)
    for name, value in expected.items():
        if row[name] != value:
            yield f"column {name} holds {row[name]!r}, the document says {value!r}"


def _article_columns(article: Article) -> dict[str, Any]:
    member = Member.of(article)
    return {
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "domain": article.domain,
        "first_seen": article.first_seen_at.timestamp(),
        "fetched": article.fetched_at.timestamp(),
        "published": member.published,
        "vague": member.vague,
        "marks": json.dumps(member.marks),
        "content_hash": article.content_hash,
        "judged": article.judged_hash,
        "revision": article.revision,
    }


def _facet_columns(article: Article) -> dict[str, Any]:
    return {
        "facet_published": int(article.published_at.timestamp() // 1),
        "facet_site": article.site,
        "facet_source": article.source.name,
        "facet_source_domain": article.source.domain,
        "facet_section": article.section or "",
        "facet_lang": article.language,
    }


def _link_faults(connection: sqlite3.Connection, n: int, article: Article, tally: Tally) -> Iterator[str]:
    """Its own id leads to it; any other address leads to it or to an article that named it before."""
    wanted = {article.id, *article.link_ids}
    leading = {id for (id,) in connection.execute("SELECT id FROM link WHERE n = ?", (n,))}
    tally.counts["links"] += len(leading)
    for id in sorted(leading - wanted):
        yield f"link {id} leads to it, but its document does not name it"
    for id in sorted(wanted - leading):
        row = connection.execute("SELECT n FROM link WHERE id = ?", (id,)).fetchone()
        if row is None or id == article.id:
            yield f"link {id} does not lead to it"


def _fingerprint_faults(
    connection: sqlite3.Connection, n: int, article: Article, tally: Tally
) -> Iterator[str]:
    stored = {value for (value,) in connection.execute("SELECT h FROM fingerprint WHERE n = ?", (n,))}
    tally.counts["fingerprints"] += len(stored)
    wanted = set(signed(article.fingerprint))
    if stored != wanted:
        yield f"fingerprint lacks {len(wanted - stored)} of its values and has {len(stored - wanted)} of another text"


def _revision_faults(connection: sqlite3.Connection, n: int, article: Article, tally: Tally) -> Iterator[str]:
    numbers = []
    rows = connection.execute("SELECT revision, z FROM revision WHERE n = ? ORDER BY revision", (n,))
    for number, packed in tally.each("revisions", rows):
        numbers.append(number)
        try:
            earlier = unpack(packed)
        except DocumentError as error:
            yield f"revision {number} cannot be read: {error}"
            continue
        if (earlier.id, earlier.revision) != (article.id, number):
            yield f"revision {number} holds revision {earlier.revision} of article {earlier.id}"
    if numbers != list(range(1, article.revision)):
        yield f"earlier revisions are {numbers}, the document is revision {article.revision}"
