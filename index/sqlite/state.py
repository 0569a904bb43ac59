"""JSON objects kept under a key: crawl state, leases."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from index.sqlite.transaction import reading, writing

if TYPE_CHECKING:
    from index.backend import Change


def get_state(connection: sqlite3.Connection, key: str) -> dict[str, Any]:
    """The object under a key, empty when there is none."""
    with reading(connection):
        row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
    value: dict[str, Any] = json.loads(row[0]) if row else {}
    return value


def put_state(connection: sqlite3.Connection, key: str, value: dict[str, Any]) -> None:
    """Replace the object under a key; TypeError or ValueError for what JSON cannot hold."""
    text = _encoded(key, value)
    with writing(connection):
        connection.execute(_REPLACE, (key, text))


def update_state(connection: sqlite3.Connection, key: str, change: Change) -> dict[str, Any]:
    """Replace the object under a key by what `change` makes of it; see `Backend.update_state`."""
    with writing(connection):
        row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        current: dict[str, Any] = json.loads(row[0]) if row else {}
        changed = change(current)
        if changed is not None:
            connection.execute(_REPLACE, (key, _encoded(key, changed)))
    return current if changed is None else changed


_REPLACE = "INSERT OR REPLACE INTO state(key, value) VALUES (?, ?)"


def _encoded(key: str, value: dict[str, Any]) -> str:
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} has to be a JSON object, not {type(value).__name__}")
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
