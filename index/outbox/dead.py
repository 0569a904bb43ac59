"""`DeadLetters`: articles that the index will not take, kept with its reason until someone has looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.outbox.letter import unpack
from index.outbox.letters import insert

if TYPE_CHECKING:
    import sqlite3

    from index.outbox.file import OutboxFile


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused article: `died` in epoch seconds, the reason in the server's words."""

    article_id: str
    url: str
    reason: str
    died: float
    attempts: int


class DeadLetters:
    """The dead letters of an outbox file. They count towards its limit."""

    def __init__(self, file: OutboxFile) -> None:
        self.file = file

    def all(self, limit: int = 100) -> list[DeadLetter]:
        """The newest dead letters first."""
        rows = self.file.rows(
            "SELECT article_id, url, reason, died, attempts FROM dead ORDER BY died DESC, seq DESC LIMIT ?",
            (limit,),
        )
        return [DeadLetter(*row) for row in rows]

    def count(self) -> int:
        """How many there are."""
        rows = self.file.rows("SELECT count(*) FROM dead")
        return int(rows[0][0]) if rows else 0

    def reasons(self, limit: int = 5) -> list[tuple[str, int]]:
        """The commonest reasons and how many died of each."""
        rows = self.file.rows(
            "SELECT reason, count(*) FROM dead GROUP BY reason ORDER BY count(*) DESC, reason LIMIT ?",
            (limit,),
        )
        return [(str(reason), int(count)) for reason, count in rows]

    def reason(self, article_id: str, content_hash: str) -> str:
        """Why this text of an article was refused, empty when it was not."""
        rows = self.file.rows(
            """SELECT reason FROM dead WHERE article_id = ? AND content_hash = ?
               ORDER BY died DESC, seq DESC LIMIT 1""",
            (article_id, content_hash),
        )
        return str(rows[0][0]) if rows else ""

    def revive(self) -> int:
        """Put dead letters back to their places among those that wait; how many. What cannot be read stays."""
        if not self.count():
            return 0
        with self.file.write() as connection:
            seqs = [row[0] for row in connection.execute("SELECT seq FROM dead ORDER BY seq").fetchall()]
            return sum(_revived(connection, seq) for seq in seqs)


def _revived(connection: sqlite3.Connection, seq: int) -> bool:
    row = connection.execute(
        """SELECT article_id, content_hash, url, site, first_seen, fetched, published, size, added, '', 0, z, seq
           FROM dead WHERE seq = ?""",
        (seq,),
    ).fetchone()
    try:
        article = unpack(row[-2])
    except ValueError:
        return False
    insert(connection, row, article)
    connection.execute("DELETE FROM dead WHERE seq = ?", (seq,))
    return True
