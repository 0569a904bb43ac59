"""Saved searches: columns, sort and breakdown are fields of the view, and can be used so."""

from __future__ import annotations

from collections.abc import Iterator

from index.kibana.checks.file import File, target
from index.kibana.checks.queries import is_backwards, is_moment, query_faults
from index.kibana.envelope import SEARCH_SOURCE_INDEX
from index.kibana.fields import Fields
from index.kibana.shapes import SavedSearch


def search_faults(saved: SavedSearch, file: File) -> Iterator[str]:
    """What is wrong with a saved search."""
    attributes = saved.attributes
    source = attributes.kibana_saved_object_meta.search_source
    if source.index_ref_name != SEARCH_SOURCE_INDEX:
        yield f"searchSourceJSON: indexRefName is not {SEARCH_SOURCE_INDEX}"
    view_id = target(saved, SEARCH_SOURCE_INDEX)
    fields = file.fields(view_id)
    if fields is None:
        return  # the reference, or the view, is told of
    yield from (f"columns: no such field: {name}" for name in attributes.columns if name not in fields)
    hidden = [name for name in attributes.columns if file.hides(view_id, name)]
    yield from (f"columns: the data view hides {name}" for name in hidden)
    for name, _ in attributes.sort:
        yield from _valued("sort", name, fields)
    if attributes.breakdown_field is not None:
        yield from _valued("breakdownField", attributes.breakdown_field, fields)
    yield from (f"searchSourceJSON: {fault}" for fault in query_faults(source.query.query, fields))
    yield from _time_faults(saved)


def _valued(place: str, name: str, fields: Fields) -> Iterator[str]:
    if name not in fields:
        yield f"{place}: no such field: {name}"
    elif not fields[name].aggregatable:
        yield f"{place}: {name} has no doc values: it cannot be sorted or grouped by"


def _time_faults(saved: SavedSearch) -> Iterator[str]:
    span = saved.attributes.time_range
    if saved.attributes.time_restore and span is None:
        yield "timeRestore: there is no timeRange"
    if span and is_backwards(span.from_, span.to):
        yield f"timeRange: {span.to!r} is before {span.from_!r}"
    for bound in (span.from_, span.to) if span else ():
        if not is_moment(bound):
            yield f"timeRange: {bound!r} is no time"
