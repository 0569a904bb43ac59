"""Indices as an older Svodka made them: version 0, without the fields for words as written, without stems."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from index.elastic.engine import Engine
from index.elastic.schema import KINDS, Kind, index_settings, mapping

COPY_TIMES = ("first_copy_at", "last_copy_at")


def make_older(engine: Engine, *kinds: Kind, without: Sequence[str] = (), **changed: dict[str, Any]) -> None:
    """Make these kinds (all by default) in version 0, with their aliases; `changed` replaces fields of articles.

    With the fields that articles have now but for those of `without`, so that this Svodka can fill it."""
    for kind in kinds or KINDS:
        engine.cluster.ask(
            engine.cluster.es.indices.create,
            index=engine.names.index(kind, 0),
            mappings=_older_mapping(kind, changed, without),
            settings=_older_settings(engine, kind),
            aliases=engine.names.aliases(kind),
        )


def _older_mapping(kind: Kind, changed: dict[str, dict[str, Any]], without: Sequence[str]) -> dict[str, Any]:
    older = deepcopy(mapping(kind, 0))
    if kind == "articles":
        for name in ("title", "lead", "body"):
            del older["properties"][name]["fields"]
        for name in without:
            del older["properties"][name]
        older["properties"].update(changed)
    return older


def _older_settings(engine: Engine, kind: Kind) -> dict[str, Any]:
    older = deepcopy(index_settings(kind, engine.settings))
    if kind == "articles":
        older["analysis"]["analyzer"]["news"]["filter"] = ["lowercase"]
    return older


def take_back_to_version_1(engine: Engine) -> None:
    """Carry the articles into an index as version 1 was: without the times of the first and last copy."""
    new, old = engine.names.index("articles"), engine.names.index("articles", 1)
    ask, es = engine.cluster.ask, engine.cluster.es
    older = deepcopy(mapping("articles", 1))
    for name in COPY_TIMES:
        del older["properties"][name]
    ask(es.indices.refresh, index=new)
    ask(es.indices.create, index=old, mappings=older, settings=index_settings("articles", engine.settings))
    source = {"index": new, "_source": {"excludes": list(COPY_TIMES)}}
    ask(es.reindex, source=source, dest={"index": old}, refresh=True)
    ask(es.indices.delete, index=new)
    actions = [
        {"add": {"index": old, "alias": alias, **definition}}
        for alias, definition in engine.names.aliases("articles").items()
    ]
    ask(es.indices.update_aliases, actions=actions)


def documents(engine: Engine, kind: Kind, index: str | None = None) -> dict[str, dict[str, Any]]:
    """Every document of a kind as it is stored, by id."""
    alias = index or engine.names.alias(kind)
    engine.cluster.ask(engine.cluster.es.indices.refresh, index=alias)
    body = engine.cluster.ask(engine.cluster.es.search, index=alias, size=10_000)
    return {hit["_id"]: hit["_source"] for hit in body["hits"]["hits"]}


def holders(engine: Engine) -> dict[str, list[str]]:
    """Alias to the indices it leads to, all of this base."""
    body = engine.cluster.ask(engine.cluster.es.indices.get_alias, index=f"{engine.names.base}*")
    found: dict[str, list[str]] = {}
    for index in sorted(body):
        for alias in body[index]["aliases"]:
            found.setdefault(alias, []).append(index)
    return found
