"""JSON objects kept under a key: crawl state, run records, alarms."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from index.sqlite.transaction import reading, writing


def get_state(connection: sqlite3.Connection, key: str) -> dict[str, Any]:
    """The object under a key, empty when there is none."""
    with reading(connection):
        row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
    value: dict[str, Any] = json.loads(row[0]) if row else {}
    return value


def put_state(connection: sqlite3.Connection, key: str, value: dict[str, Any]) -> None:
    """Replace the object under a key; TypeError or ValueError for what JSON cannot hold."""
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} has to be a JSON object, not {type(value).__name__}")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    with writing(connection):
        connection.execute("INSERT OR REPLACE INTO state(key, value) VALUES (?, ?)", (key, text))
