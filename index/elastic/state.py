"""Crawl state: small JSON objects by key, read and written by id and so never behind the last write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from index.elastic.documents import read

if TYPE_CHECKING:
    from index.elastic.engine import Engine


def get_state(engine: Engine, key: str) -> dict[str, Any]:
    """The object under a key, empty when there is none."""
    held = read(engine.cluster, engine.names.alias("state"), [key])
    return dict(json.loads(held[key].source["value"])) if held else {}


def put_state(engine: Engine, key: str, value: dict[str, Any]) -> None:
    """Replace the object under a key. TypeError for what is no JSON object, ValueError for NaN."""
    if not isinstance(value, dict):
        raise TypeError(f"state {key!r} is {type(value).__name__}, not an object")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    engine.written("state")
    engine.cluster.ask(
        engine.cluster.es.index,
        index=engine.names.alias("state"),
        id=key,
        document={"value": text},
        require_alias=True,
    )
