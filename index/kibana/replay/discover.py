"""What Discover asks for a saved search: its documents, the histogram above them, one document by its id."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from index.kibana.replay.request import (
    TIME_FORMAT,
    Context,
    Request,
    Source,
    filtered,
    search_request,
)
from index.kibana.replay.steps import histogram
from index.kibana.shapes import SavedSearch

BREAKDOWN_SIZE = 3  # Discover shows the three most frequent values and the rest


def search_requests(saved: SavedSearch, source: Source, context: Context) -> Iterator[Request]:
    """Everything that opening a saved search sends."""
    yield documents(saved, source, context)
    yield bars(saved, source, context)


def documents(saved: SavedSearch, source: Source, context: Context, query: str | None = None) -> Request:
    """The rows, with every field and with highlights; `query` is one that was typed instead of the saved one."""
    attributes = saved.attributes
    body = {
        "size": attributes.sample_size,
        "track_total_hits": False,
        "version": True,
        "_source": False,
        "stored_fields": ["*"],
        "script_fields": {},
        "runtime_mappings": {},
        "fields": _fields(source),
        "sort": _sort(attributes.sort, source),
        "query": filtered(query if query is not None else _query(saved), source, context),
        "highlight": {
            "pre_tags": ["@kibana-highlighted-field@"],
            "post_tags": ["@/kibana-highlighted-field@"],
            "fields": {"*": {}},
            "fragment_size": 2147483647,
        },
    }
    return search_request(f"search {saved.id}: documents", source, body)


def bars(saved: SavedSearch, source: Source, context: Context) -> Request:
    """The histogram above the rows, in the colours of the breakdown field; it counts the hits, too."""
    steps = histogram(source.time_field, "auto", context)
    parts = saved.attributes.breakdown_field
    if parts:
        order = {"field": parts, "order": {"_count": "desc"}, "size": BREAKDOWN_SIZE, "shard_size": 25}
        inner: dict[str, Any] = {"0": {"terms": order, "aggs": {"1": steps}}}
    else:
        inner = {"0": steps}
    body = {
        "size": 0,
        "track_total_hits": True,
        "query": filtered(_query(saved), source, context),
        "aggs": inner,
        "runtime_mappings": {},
        "script_fields": {},
        "stored_fields": ["*"],
    }
    return search_request(f"search {saved.id}: histogram", source, body)


def one_document(source: Source, id: str) -> Request:
    """The page of a single document."""
    body = {
        "query": {"bool": {"filter": [{"ids": {"values": [id]}}]}},
        "stored_fields": ["*"],
        "script_fields": {},
        "_source": True,
        "version": True,
        "runtime_mappings": {},
        "fields": [{"field": "*", "include_unmapped": True}],
    }
    return search_request(f"data view {source.alias}: document {id}", source, body)


def _fields(source: Source) -> list[dict[str, Any]]:
    """Times in one format, and every field; where a view hides some, all the others by name."""
    shown = [name for name in source.fields if not any(fnmatchcase(name, each) for each in source.hidden)]
    dates = [name for name in shown if source.fields[name].family == "date"]
    others = (name for name in shown if name not in dates) if source.hidden else ("*",)
    return [
        *({"field": name, "format": TIME_FORMAT} for name in dates),
        *({"field": name, "include_unmapped": True} for name in others),
    ]


def _query(saved: SavedSearch) -> str:
    return saved.attributes.kibana_saved_object_meta.search_source.query.query


def _sort(pairs: list[tuple[str, Any]], source: Source) -> list[dict[str, Any]]:
    """Each sort by its field; times in the format of the rows, and the order on disk as the last word."""
    found: list[dict[str, Any]] = []
    for name, direction in pairs:
        dated = {"format": TIME_FORMAT} if source.fields[name].family == "date" else {}
        found.append({name: {"order": direction, "unmapped_type": "boolean", **dated}})
    return [*found, {"_doc": {"order": pairs[0][1], "unmapped_type": "boolean"}}] if pairs else found
