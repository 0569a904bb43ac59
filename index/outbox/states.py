"""`States`: copies of the crawl state, for the time in which the index does not answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.outbox.file import OutboxFile


@dataclass(frozen=True, slots=True)
class State:
    """One state object as it was last written here, in JSON; `dirty`: the index does not have it yet."""

    key: str
    text: str
    dirty: bool = True

    @property
    def value(self) -> dict[str, Any]:
        """The object itself."""
        return dict(json.loads(self.text))


def encode_state(key: str, value: dict[str, Any]) -> str:
    """JSON of a state; TypeError or ValueError for what JSON cannot hold."""
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} has to be a JSON object, not {type(value).__name__}")
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class States:
    """The state copies of an outbox file.

    A state is sent by one process at a time, claimed as articles are: two sendings of one key could
    overtake each other, and the older would stay.
    """

    def __init__(self, file: OutboxFile) -> None:
        self.file = file

    def get(self, key: str) -> State | None:
        """The copy of a state."""
        rows = self.file.rows("SELECT key, value, dirty FROM state WHERE key = ?", (key,))
        return State(rows[0][0], rows[0][1], bool(rows[0][2])) if rows else None

    def write(self, key: str, text: str) -> None:
        """Keep a state that has to be sent."""
        with self.file.write() as connection:
            connection.execute(
                """INSERT INTO state(key, value, dirty) VALUES (?, ?, 1)
                   ON CONFLICT(key) DO UPDATE SET value = excluded.value, dirty = 1""",
                (key, text),
            )

    def copy(self, key: str, text: str) -> None:
        """Keep what the index answered, unless a newer state of our own waits to be sent."""
        with self.file.write() as connection:
            connection.execute(
                """INSERT INTO state(key, value, dirty) VALUES (?, ?, 0)
                   ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE dirty = 0""",
                (key, text),
            )

    def claim(self, owner: str, now: float, lease: float) -> State | None:
        """One state to send now, held for `lease` seconds; None when there is none that is free."""
        if not self.dirty():
            return None
        with self.file.write() as connection:
            row = connection.execute(
                """SELECT key, value FROM state INDEXED BY state_dirty WHERE dirty = 1
                   AND (claimed_until <= :now OR claimed_until > :now + :lease) LIMIT 1""",
                {"now": now, "lease": lease},
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE state SET claimed_by = ?, claimed_until = ? WHERE key = ?",
                (owner, now + lease, row[0]),
            )
        return State(*row)

    def sent(self, state: State, owner: str) -> None:
        """The index has this value; one written meanwhile stays to be sent."""
        with self.file.write() as connection:
            connection.execute(
                """UPDATE state SET dirty = (value != ?), claimed_by = '', claimed_until = 0
                   WHERE key = ? AND claimed_by = ?""",
                (state.text, state.key, owner),
            )

    def release(self, owner: str) -> None:
        """Give back what this owner has claimed and could not send."""
        with self.file.write() as connection:
            connection.execute(
                "UPDATE state SET claimed_by = '', claimed_until = 0 WHERE claimed_by = ?", (owner,)
            )

    def dirty(self) -> int:
        """How many states wait to be sent."""
        rows = self.file.rows("SELECT count(*) FROM state INDEXED BY state_dirty WHERE dirty = 1")
        return int(rows[0][0]) if rows else 0
