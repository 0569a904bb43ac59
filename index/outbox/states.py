"""`States`: copies of the crawl state, for the time in which the index does not answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.outbox.backoff import LONGEST

if TYPE_CHECKING:
    from index.outbox.file import OutboxFile


# A date further ahead than any can be was written under a wrong clock.
_SENDABLE = "dirty = 1 AND (next_try <= :now OR next_try > :now + :longest)"


@dataclass(frozen=True, slots=True)
class State:
    """One state object as it was last written here, in JSON; `dirty`: the index does not have it yet.

    `apart`: it was begun by someone who could not read what the index has, so the two have to be united.
    """

    key: str
    text: str
    dirty: bool = True
    apart: bool = False

    @property
    def value(self) -> dict[str, Any]:
        """The object itself."""
        return dict(json.loads(self.text))


def encode_state(key: str, value: dict[str, Any]) -> str:
    """JSON of a state; TypeError or ValueError for what JSON cannot hold."""
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} has to be a JSON object, not {type(value).__name__}")
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def united(key: str, ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """A state begun without the index, with what the index has under its key.

    A site's state (`site:`) is made of mappings, such as the links to visit again: each has the entries of both,
    ours where both have one. Every other field is ours, and so is the whole of any other state, of which a part
    in the index would be about something else.
    """
    if not key.startswith("site:"):
        return ours
    both = {
        name: value | ours.get(name, {})
        for name, value in theirs.items()
        if isinstance(value, dict) and isinstance(ours.get(name, {}), dict)
    }
    return ours | both


class States:
    """The state copies of an outbox file.

    A state is sent by one process at a time, claimed as articles are: two sendings of one key could
    overtake each other, and the older would stay.
    """

    def __init__(self, file: OutboxFile) -> None:
        self.file = file

    def get(self, key: str) -> State | None:
        """The copy of a state."""
        rows = self.file.rows("SELECT key, value, dirty, apart FROM state WHERE key = ?", (key,))
        return _state(rows[0]) if rows else None

    def write(self, key: str, text: str, *, apart: bool = False) -> None:
        """Keep a state that has to be sent; `apart` if nobody could read what the index has.

        A copy that is here already was read or sent, or is known to be apart: `apart` says nothing of that.
        Another value than the one that was refused may be sent at once.
        """
        with self.file.write() as connection:
            connection.execute(
                """INSERT INTO state(key, value, dirty, apart) VALUES (?, ?, 1, ?)
                   ON CONFLICT(key) DO UPDATE SET value = excluded.value, dirty = 1,
                   next_try = iif(value = excluded.value, next_try, 0),
                   reason = iif(value = excluded.value, reason, '')""",
                (key, text, apart),
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
        if not self.sendable(now):
            return None
        with self.file.write() as connection:
            row = connection.execute(
                f"""SELECT key, value, dirty, apart FROM state INDEXED BY state_dirty WHERE {_SENDABLE}
                    AND (claimed_until <= :now OR claimed_until > :now + :lease) LIMIT 1""",  # noqa: S608 - fixed words
                {"now": now, "longest": LONGEST, "lease": lease},
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE state SET claimed_by = ?, claimed_until = ? WHERE key = ?",
                (owner, now + lease, row[0]),
            )
        return _state(row)

    def sent(self, state: State, owner: str, text: str | None = None) -> None:
        """The index has this value, or `text` in its place; one written meanwhile stays to be sent, and apart."""
        with self.file.write() as connection:
            connection.execute(
                """UPDATE state SET dirty = (value != :value), apart = apart AND value != :value,
                   value = iif(value = :value, :text, value), claimed_by = '', claimed_until = 0,
                   next_try = 0, reason = '' WHERE key = :key AND claimed_by = :owner""",
                {"value": state.text, "text": text or state.text, "key": state.key, "owner": owner},
            )

    def put_off(self, state: State, owner: str, reason: str, until: float) -> None:
        """The index would not take this value: leave it alone until then, unless another is written."""
        with self.file.write() as connection:
            connection.execute(
                """UPDATE state SET reason = ?, next_try = ?, claimed_by = '', claimed_until = 0
                   WHERE key = ? AND claimed_by = ? AND value = ?""",
                (reason, until, state.key, owner, state.text),
            )

    def beginning(self, prefix: str) -> list[State]:
        """Every state whose key begins so, by key."""
        rows = self.file.rows(
            "SELECT key, value, dirty, apart FROM state WHERE key >= ? AND key < ? ORDER BY key",
            _between(prefix),
        )
        return [_state(row) for row in rows]

    def forget_sent(self, prefix: str, *, but: str) -> None:
        """Drop the copies of states whose key begins so and which the index has, all but one."""
        with self.file.write() as connection:
            connection.execute(
                "DELETE FROM state WHERE key >= ? AND key < ? AND dirty = 0 AND key != ?",
                (*_between(prefix), but),
            )

    def reason(self) -> str:
        """Why a state that waits was refused, and which one."""
        rows = self.file.rows(
            """SELECT key, reason FROM state INDEXED BY state_dirty WHERE dirty = 1 AND reason != ''
               ORDER BY next_try DESC LIMIT 1"""
        )
        return f"state {rows[0][0]}: {rows[0][1]}" if rows else ""

    def wake(self) -> None:
        """Send what was refused at the next occasion."""
        if self.file.rows("SELECT 1 FROM state WHERE next_try > 0 LIMIT 1"):
            with self.file.write() as connection:
                connection.execute("UPDATE state SET next_try = 0")

    def sendable(self, now: float) -> bool:
        """Whether a state waits that was not refused a moment ago."""
        sql = f"SELECT 1 FROM state INDEXED BY state_dirty WHERE {_SENDABLE} LIMIT 1"  # noqa: S608 - fixed words
        return bool(self.file.rows(sql, {"now": now, "longest": LONGEST}))

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


def _between(prefix: str) -> tuple[str, str]:
    """The first key that begins with a prefix, and the first behind all that do."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _state(row: tuple[str, str, int, int]) -> State:
    return State(row[0], row[1], bool(row[2]), bool(row[3]))
