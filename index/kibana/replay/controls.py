"""What the controls of a dashboard ask, and the suggestions of the query bar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.kibana.replay.request import Context, Request, Source, filtered, search_request
from index.kibana.shapes import SavedDashboard

SIZE = 10  # values that a control shows at first


def control_fields(saved: SavedDashboard) -> list[str]:
    """The fields of a dashboard's controls, in their order."""
    group = saved.attributes.control_group_input
    controls = sorted(group.panels.values(), key=lambda each: each.order) if group else []
    return [control.explicit_input.field_name for control in controls]


def suggestions(saved: SavedDashboard, source: Source, context: Context) -> Iterator[Request]:
    """The lists of values of a dashboard's controls."""
    for name in control_fields(saved):
        yield _listed(f"dashboard {saved.id}: control {name}", source, context, _values(name))


def typed(saved: SavedDashboard, source: Source, context: Context, name: str, start: str) -> Request:
    """The list of a control in which the beginning of a value was typed."""
    begins = {"prefix": {name: {"value": start, "case_insensitive": True}}}
    aggs = {"filteredSuggestions": {"filter": begins, "aggs": _values(name)}}
    return _listed(f"dashboard {saved.id}: control {name} {start}", source, context, aggs)


def completion(source: Source, name: str, start: str) -> Request:
    """What the query bar offers behind `field: `."""
    body = {"field": name, "string": start, "size": SIZE, "case_insensitive": True, "timeout": "1000ms"}
    return Request(f"data view {source.alias}: values of {name}", f"/{source.alias}/_terms_enum", body)


def _values(name: str) -> dict[str, Any]:
    terms = {"field": name, "size": SIZE, "shard_size": SIZE, "order": {"_count": "desc"}}
    return {"suggestions": {"terms": terms}, "unique_terms": {"cardinality": {"field": name}}}


def _listed(about: str, source: Source, context: Context, aggs: dict[str, Any]) -> Request:
    body = {
        "size": 0,
        "timeout": "1000ms",
        "terminate_after": 100_000,
        "query": filtered("", source, context),
        "aggs": aggs,
        "runtime_mappings": {},
    }
    return search_request(about, source, body)
