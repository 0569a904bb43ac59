"""`Letters`: the articles that wait in an outbox, in the order of their arrival."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.backend import IndexWriteError
from index.outbox.backoff import LONGEST
from index.outbox.letter import KNOWN_COLUMNS, Letter, known_of, pack, unpack

if TYPE_CHECKING:
    import sqlite3

    from index.article import Article
    from index.backend import Known
    from index.outbox.file import OutboxFile

LEASE = 60.0  # seconds a claim is believed; a process that was killed gives its articles up after that
LIMIT_BYTES = 1 << 30
MIB = 1 << 20

_INSERT = """INSERT INTO waiting
    (article_id, content_hash, url, site, first_seen, fetched, published, size, added, claimed_by,
     claimed_until, z, seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

# What may be sent: the oldest row of its article, claimed by nobody else, not put off. So the rows of one
# article leave one after the other, whichever process sends them. A claim or a date further ahead than any
# can be was written under a wrong clock.
_READY = """SELECT seq, article_id, content_hash, attempts, size, z FROM waiting AS w
    WHERE (claimed_by = :owner OR claimed_until <= :now OR claimed_until > :now + :lease)
      AND (next_try <= :now OR next_try > :now + :longest)
      AND NOT EXISTS (SELECT 1 FROM waiting AS o WHERE o.article_id = w.article_id AND o.seq < w.seq)"""


@dataclass(frozen=True, slots=True)
class Room:
    """How much is taken out at once: rows, and bytes of their documents (the first row always)."""

    rows: int = 200
    bytes: int = 4 * MIB


@dataclass(slots=True)
class Verdicts:
    """What became of letters that were sent, by `seq`."""

    gone: set[int]
    dead: dict[int, str]  # reason
    later: dict[int, tuple[str, float]]  # reason, and when to try again (epoch seconds)


class Letters:
    """The waiting articles of an outbox file; never more than `limit_bytes` of it."""

    def __init__(self, file: OutboxFile, limit_bytes: int = LIMIT_BYTES, lease: float = LEASE) -> None:
        self.file = file
        self.limit_bytes = limit_bytes
        self.lease = lease

    def add(self, batch: Sequence[Article], now: float, owner: str = "") -> list[int]:
        """Make articles durable, claimed for `owner` if one is given; their `seq`s.

        All of them or none: `IndexWriteError` when the outbox is full or the disk is, ValueError for an
        article that cannot be written down.
        """
        rows = [_row(article, now, owner, now + self.lease if owner else 0.0) for article in batch]
        with self.file.write() as connection:
            self._refuse_more_than_fits()
            return [
                insert(connection, (*row, None), article) for row, article in zip(rows, batch, strict=True)
            ]

    def _refuse_more_than_fits(self) -> None:
        used = self.used_bytes()
        if used >= self.limit_bytes:
            raise IndexWriteError(
                f"outbox {self.file.path}: {used // MIB} MiB wait to be sent, which is all it may hold: see to it "
                "that the index answers, then 'svodka index replay'; or allow more (SVODKA_OUTBOX_LIMIT_MB)"
            )

    def used_bytes(self) -> int:
        """Bytes of the file that hold something."""
        rows = self.file.rows(
            """SELECT (page_count - freelist_count) * page_size
               FROM pragma_page_count, pragma_freelist_count, pragma_page_size"""
        )
        return int(rows[0][0]) if rows else 0

    def claim(
        self, owner: str, now: float, *, room: Room | None = None, ids: Iterable[str] | None = None
    ) -> list[Letter]:
        """Take what may be sent now, oldest first, for `LEASE` seconds: of these articles, or of all."""
        room = room or Room()
        sql, among = _READY, {} if ids is None else {"ids": json.dumps(list(ids))}
        if among:
            sql += " AND article_id IN (SELECT value FROM json_each(:ids))"
        asked = {"owner": owner, "now": now, "lease": self.lease, "longest": LONGEST, **among}
        if not self.file.rows(f"{sql} LIMIT 1", asked):  # nothing: no need for the write lock
            return []
        with self.file.write() as connection:
            found = connection.execute(f"{sql} ORDER BY seq LIMIT :rows", asked | {"rows": room.rows})
            letters = _fitting(found, room.bytes)
            connection.executemany(
                "UPDATE waiting SET claimed_by = ?, claimed_until = ? WHERE seq = ?",
                [(owner, now + self.lease, letter.seq) for letter in letters],
            )
        return letters

    def settle(self, verdicts: Verdicts, now: float) -> None:
        """Take out what the index has, bury what it refused, put off what it did not take now."""
        with self.file.write() as connection:
            for seq, reason in verdicts.dead.items():
                bury(connection, seq, reason, now)
            connection.executemany(
                """UPDATE waiting SET attempts = attempts + 1, reason = ?, next_try = ?, claimed_by = '',
                   claimed_until = 0 WHERE seq = ?""",
                [(*later, seq) for seq, later in verdicts.later.items()],
            )
            gone = verdicts.gone | verdicts.dead.keys()
            connection.executemany("DELETE FROM waiting WHERE seq = ?", [(seq,) for seq in gone])

    def release(self, owner: str) -> None:
        """Give back what this owner has claimed and not sent."""
        if self.file.rows("SELECT 1 FROM waiting WHERE claimed_by = ? LIMIT 1", (owner,)):
            with self.file.write() as connection:
                connection.execute(
                    "UPDATE waiting SET claimed_by = '', claimed_until = 0 WHERE claimed_by = ?", (owner,)
                )

    def known(self, ids: Iterable[str]) -> dict[str, list[Known]]:
        """Waiting articles by each of these hashes that leads to one, in the order of their arrival."""
        found: dict[str, list[Known]] = {}
        for id, *known in self.file.rows(
            f"""SELECT waiting_link.id, {KNOWN_COLUMNS} FROM waiting_link JOIN waiting USING (seq)
                WHERE waiting_link.id IN (SELECT value FROM json_each(?)) ORDER BY seq""",  # noqa: S608 - fixed columns
            (json.dumps(list(ids)),),
        ):
            found.setdefault(id, []).append(known_of(tuple(known)))
        return found

    def young(self, site: str, since: float) -> list[Known]:
        """Waiting articles of a site first seen at or after `since`, in the order of their arrival."""
        rows = self.file.rows(
            f"SELECT {KNOWN_COLUMNS} FROM waiting WHERE site = ? AND first_seen >= ? ORDER BY seq",  # noqa: S608 - fixed columns
            (site, since),
        )
        return [known_of(row) for row in rows]

    def texts(self, id: str) -> list[Article]:
        """All waiting texts of an article, in the order of their arrival."""
        rows = self.file.rows("SELECT z FROM waiting WHERE article_id = ? ORDER BY seq", (id,))
        return [unpack(row[0]) for row in rows]

    def among(self, ids: Iterable[str]) -> set[str]:
        """Which of these articles have a text that waits."""
        rows = self.file.rows(
            "SELECT DISTINCT article_id FROM waiting WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row[0] for row in rows}

    def count(self) -> int:
        """How many texts wait."""
        rows = self.file.rows("SELECT count(*) FROM waiting")
        return int(rows[0][0]) if rows else 0

    def any(self) -> bool:
        """Whether anything waits; `count` reads an index of all that does."""
        return bool(self.file.rows("SELECT 1 FROM waiting LIMIT 1"))

    def oldest(self) -> float | None:
        """When the first of what waits was added."""
        rows = self.file.rows("SELECT added FROM waiting ORDER BY seq LIMIT 1")
        return float(rows[0][0]) if rows else None

    def reason(self) -> str:
        """Why the last article that was put off was put off."""
        rows = self.file.rows("SELECT reason FROM waiting WHERE reason != '' ORDER BY next_try DESC LIMIT 1")
        return str(rows[0][0]) if rows else ""

    def next_moment(self, now: float) -> float | None:
        """When the next of what waits may be sent: put off until then, or claimed by another process."""
        rows = self.file.rows(
            """SELECT min(max(next_try, claimed_until)) FROM waiting AS w
               WHERE NOT EXISTS (SELECT 1 FROM waiting AS o WHERE o.article_id = w.article_id AND o.seq < w.seq)"""
        )
        moment = rows[0][0] if rows else None
        return None if moment is None else float(min(max(moment, now), now + LONGEST))

    def wake(self) -> None:
        """Send what was put off at the next occasion."""
        if self.file.rows("SELECT 1 FROM waiting WHERE next_try > 0 LIMIT 1"):
            with self.file.write() as connection:
                connection.execute("UPDATE waiting SET next_try = 0 WHERE next_try > 0")


def insert(connection: sqlite3.Connection, row: tuple[object, ...], article: Article) -> int:
    """Put a row and its links in; its `seq`."""
    seq = connection.execute(_INSERT, row).lastrowid
    assert seq is not None  # noqa: S101 - an INSERT that did not raise has a row number
    links = {article.id, *article.link_ids}
    connection.executemany("INSERT INTO waiting_link(id, seq) VALUES (?, ?)", [(id, seq) for id in links])
    return seq


def bury(connection: sqlite3.Connection, seq: int, reason: str, now: float) -> None:
    """Copy a waiting row to the dead letters; an earlier one with the same text makes room for it."""
    connection.execute(
        """DELETE FROM dead WHERE (article_id, content_hash) =
           (SELECT article_id, content_hash FROM waiting WHERE seq = ?)""",
        (seq,),
    )
    connection.execute(
        """INSERT OR REPLACE INTO dead SELECT seq, article_id, content_hash, url, site, first_seen, fetched, published,
           size, added, attempts + 1, ?, ?, z FROM waiting WHERE seq = ?""",
        (reason, now, seq),
    )


def _row(article: Article, now: float, owner: str, until: float) -> tuple[object, ...]:
    packed, size = pack(article)
    times = (article.first_seen_at, article.fetched_at, article.published_at)
    return (
        article.id,
        article.content_hash,
        article.url,
        article.site,
        *(moment.timestamp() for moment in times),
        size,
        now,
        owner,
        until,
        packed,
    )


def _fitting(rows: Iterable[tuple[int, str, str, int, int, bytes]], limit: int) -> list[Letter]:
    letters, total = list[Letter](), 0
    for seq, article_id, content_hash, attempts, size, packed in rows:
        total += size
        if letters and total > limit:
            break
        letters.append(Letter(seq, article_id, content_hash, attempts, packed))
    return letters
