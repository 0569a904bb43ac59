"""Saved objects with one fault each, for the validator's tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from index.kibana.objects import ndjson

Change = Callable[[dict[str, Any]], object]


def broken(object_name: str, change: Change) -> str:
    """The file with one object ('lens news-lens-fill') changed in place."""
    lines = []
    for line in ndjson().splitlines():
        saved = json.loads(line)
        if f"{saved['type']} {saved['id']}" == object_name:
            change(saved)
        lines.append(json.dumps(saved, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def put(*path: str | int, value: Any) -> Change:
    """Set what a path leads to; a key that ends in JSON, Map, Attrs or Filters holds JSON as text."""

    def change(saved: dict[str, Any]) -> None:
        _edit(saved, path, lambda parent, key: _set(parent, key, value))

    return change


def drop(*path: str | int) -> Change:
    """Delete what a path leads to."""

    def change(saved: dict[str, Any]) -> None:
        _edit(saved, path, lambda parent, key: parent.pop(key))

    return change


def _set(parent: Any, key: str | int, value: Any) -> None:
    parent[key] = value


def _edit(parent: Any, path: tuple[str | int, ...], act: Callable[[Any, Any], object]) -> None:
    key, *rest = path
    if not rest:
        act(parent, key)
        return
    child = parent[key]
    if isinstance(child, str):
        inner = json.loads(child)
        _edit(inner, tuple(rest), act)
        parent[key] = json.dumps(inner, ensure_ascii=False)
    else:
        _edit(child, tuple(rest), act)
