"""Crawl state: small JSON objects by key, read and written by id and so never behind the last write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from index.backend import IndexUnreachable
from index.elastic.bulk import Action, require_taken, send
from index.elastic.documents import read

if TYPE_CHECKING:
    from index.backend import Change
    from index.elastic.documents import Held
    from index.elastic.engine import Engine

TRIES = 10  # a state that ten times running was written by others meanwhile is given up


def get_state(engine: Engine, key: str) -> dict[str, Any]:
    """The object under a key, empty when there is none."""
    held = read(engine.cluster, engine.names.alias("state"), [key])
    return dict(json.loads(held[key].source["value"])) if held else {}


def put_state(engine: Engine, key: str, value: dict[str, Any]) -> None:
    """Replace the object under a key. TypeError for what is no JSON object, ValueError for NaN."""
    document = _document(key, value)
    engine.written("state")
    engine.cluster.ask(
        engine.cluster.es.index,
        index=engine.names.alias("state"),
        id=key,
        document=document,
        require_alias=True,
    )


def update_state(engine: Engine, key: str, change: Change) -> dict[str, Any]:
    """Replace the object under a key by what `change` makes of it; see `Backend.update_state`.

    Written only if nobody has written it since it was read (`_create`, `if_seq_no`).
    """
    for _ in range(TRIES):
        held = read(engine.cluster, engine.names.alias("state"), [key]).get(key)
        current = dict(json.loads(held.source["value"])) if held else {}
        changed = change(current)
        if changed is None:
            return current
        if _written_over(engine, key, changed, held):
            return changed
    raise IndexUnreachable(f"other processes keep writing the state {key!r}")


def _written_over(engine: Engine, key: str, value: dict[str, Any], held: Held | None) -> bool:
    """Write a state over what was read; False when another was quicker."""
    alias, body = engine.names.alias("state"), _document(key, value)
    action = Action("index", alias, key, body, held.version) if held else Action("create", alias, key, body)
    engine.written("state")
    (result,) = send(engine.cluster, [action], engine.settings)
    if result.kind != "conflict":
        require_taken([result])
    return result.kind == "done"


def _document(key: str, value: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} is {type(value).__name__}, not an object")
    return {"value": json.dumps(value, ensure_ascii=False, allow_nan=False)}
