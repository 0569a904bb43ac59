"""Storing articles: analysed and compressed first, then written under the lock in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.revise import Change, refuse_damaged, revise_all
from index.sqlite import text
from index.sqlite.documents import LABELLED_BY_ID, labelled, pack, signed
from index.sqlite.stories import relabel
from index.sqlite.transaction import reading, writing
from index.stories.rank import Member

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Stored


@dataclass(slots=True)
class Draft:
    """One article on its way into the file: what is stored of it, and what it becomes."""

    change: Change
    packed_before: bytes | None
    n: int = 0  # row number, known when the article row is written
    packed: bytes = b""
    tokens: text.Tokens | None = None  # None: the text index is right as it is
    tokens_before: text.Tokens | None = None

    @property
    def before(self) -> Article | None:
        """The stored article."""
        return self.change.before

    @property
    def after(self) -> Article:
        """The article to store."""
        return self.change.after


def put(connection: sqlite3.Connection, batch: Sequence[Article]) -> list[Stored]:
    """Store a batch durably, all or nothing; see `Backend.put`.

    A batch is prepared on what was stored a moment before the lock; where another process has changed one
    of its articles in between, it is prepared again under the lock.
    """
    refuse_damaged(batch)
    text.keep_current(connection)
    drafts, answers = _plan(connection, batch)
    if any(draft.packed != draft.packed_before for draft in drafts):
        with writing(connection):
            if _overtaken(connection, drafts):
                drafts, answers = _plan(connection, batch)
            _store(connection, [draft for draft in drafts if draft.packed != draft.packed_before])
    return answers


def _plan(connection: sqlite3.Connection, batch: Sequence[Article]) -> tuple[list[Draft], list[Stored]]:
    """What to write for a batch, and the answers; articles that come twice in it are taken in order."""
    stored = _stored(connection, [article.id for article in batch])
    changes = revise_all({id: article for id, (_, article) in stored.items()}, batch)
    drafts = [Draft(change, stored[id][0] if id in stored else None) for id, change in changes.items()]
    for draft in drafts:
        _prepare(draft)
    answers = {id: iter(change.answers) for id, change in changes.items()}
    return drafts, [next(answers[article.id]) for article in batch]


def _stored(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[bytes, Article]]:
    with reading(connection):
        rows = connection.execute(LABELLED_BY_ID, (json.dumps(ids),))
        return {row[1]: (row[0], labelled(row)) for row in rows}


def _prepare(draft: Draft) -> None:
    draft.packed = pack(draft.after)
    if draft.before is None:
        draft.tokens = text.tokens(draft.after)
    elif not text.same_text(draft.before, draft.after):
        draft.tokens_before, draft.tokens = text.tokens(draft.before), text.tokens(draft.after)


def _overtaken(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> bool:
    """Whether another process has stored one of the articles since the batch was prepared."""
    ids = json.dumps([draft.after.id for draft in drafts])
    found = dict(
        connection.execute(
            "SELECT id, z FROM article JOIN body USING (n) WHERE id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
    )
    return any(found.get(draft.after.id) != draft.packed_before for draft in drafts)


def _store(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        _write_article(connection, draft)
    _write_facets(connection, drafts)
    connection.executemany(
        "INSERT OR REPLACE INTO body(n, z) VALUES (?, ?)", [(d.n, d.packed) for d in drafts]
    )
    history = [(draft.n, each.revision, pack(each)) for draft in drafts for each in draft.change.replaced]
    connection.executemany("INSERT INTO revision(n, revision, z) VALUES (?, ?, ?)", history)
    text.remove(connection, ((draft.n, draft.tokens_before) for draft in drafts if draft.tokens_before))
    text.add(connection, ((draft.n, draft.tokens) for draft in drafts if draft.tokens))
    _write_links(connection, drafts)
    _write_fingerprints(connection, drafts)
    _forget_verdicts(
        connection, [draft.after.id for draft in drafts if draft.before and draft.change.judged_anew]
    )


def _write_article(connection: sqlite3.Connection, draft: Draft) -> None:
    """The article row. A known one keeps its story columns: `relabel` is what changes them."""
    article, member = draft.after, Member.of(draft.after)
    row = (
        *(article.id, article.url, article.site, article.domain),
        *(
            article.first_seen_at.timestamp(),
            article.fetched_at.timestamp(),
            member.published,
            member.vague,
        ),
        *(json.dumps(member.marks), article.content_hash, article.judged_hash, article.revision),
    )
    (draft.n,) = connection.execute(
        """INSERT INTO article(id, url, site, domain, first_seen, fetched, published, vague, marks, content_hash,
             judged, revision, story, copies, outlets, pending)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT(id) DO UPDATE SET url = excluded.url, site = excluded.site, domain = excluded.domain,
             first_seen = excluded.first_seen, fetched = excluded.fetched, published = excluded.published,
             vague = excluded.vague, marks = excluded.marks, content_hash = excluded.content_hash,
             judged = excluded.judged, revision = excluded.revision, pending = max(pending, excluded.pending)
           RETURNING n""",
        (*row, article.story_id, article.copies, json.dumps(article.outlets), draft.change.judged_anew),
    ).fetchone()


def _write_facets(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> None:
    values = [
        (a.site, a.source.name, a.source.domain, a.section or "", a.language)
        for a in (draft.after for draft in drafts)
    ]
    keys = _name_keys(connection, {name for row in values for name in row})
    connection.executemany(
        """INSERT INTO facet(n, site, source, source_domain, section, lang, published, canonical)
           VALUES (?, ?, ?, ?, ?, ?, ?, 1)
           ON CONFLICT(n) DO UPDATE SET site = excluded.site, source = excluded.source,
             source_domain = excluded.source_domain, section = excluded.section, lang = excluded.lang,
             published = excluded.published""",
        [
            (draft.n, *(keys[name] for name in row), int(draft.after.published_at.timestamp() // 1))
            for draft, row in zip(drafts, values, strict=True)
        ],
    )


def _name_keys(connection: sqlite3.Connection, names: set[str]) -> dict[str, int]:
    """Numbers of these names, new ones entered."""
    connection.executemany(
        "INSERT INTO names(name) VALUES (?) ON CONFLICT DO NOTHING", [(name,) for name in sorted(names)]
    )
    # One by one: JSON functions would cut a name at a NUL character.
    found = (
        connection.execute("SELECT name, k FROM names WHERE name = ?", (name,)).fetchone() for name in names
    )
    return dict(found)


def _write_links(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> None:
    """An identity hash leads to the article that has it as its own id, else to the first that named it."""
    own = [(draft.after.id, draft.n) for draft in drafts]
    named = [(id, draft.n) for draft in drafts for id in draft.after.link_ids]
    connection.executemany("INSERT OR REPLACE INTO link(id, n) VALUES (?, ?)", own)
    connection.executemany("INSERT OR IGNORE INTO link(id, n) VALUES (?, ?)", named)


def _write_fingerprints(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> None:
    """Values of the whole batch in their order in the tree: sorted, 40 values cost a third (measured)."""
    changed = [d for d in drafts if d.before is None or d.before.fingerprint != d.after.fingerprint]
    connection.executemany(
        "DELETE FROM fingerprint WHERE n = ?", [(draft.n,) for draft in changed if draft.before]
    )
    rows = sorted({(value, draft.n) for draft in changed for value in signed(draft.after.fingerprint)})
    connection.executemany("INSERT INTO fingerprint(h, n) VALUES (?, ?)", rows)


def _forget_verdicts(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Drop the edges of articles that have to be judged anew; what is left of their stories is relabelled."""
    ids = list(ids)
    connection.executemany("DELETE FROM edge WHERE a = ? OR b = ?", [(id, id) for id in ids])
    relabel(connection, ids)
