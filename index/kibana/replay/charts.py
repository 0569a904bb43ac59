"""What Lens asks for a chart, and the answer as rows of its columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.kibana.kql import parse_kql
from index.kibana.kql_dsl import compile_kql
from index.kibana.lens_shapes import Column, HistogramColumn, Layer, MetricColumn, TermsColumn
from index.kibana.replay.request import Answer, Context, Request, Source, filtered, search_request
from index.kibana.replay.steps import histogram
from index.kibana.shapes import SavedLens

Row = dict[str, Any]
"""Column id to its value: a key of a group (milliseconds for a time), or a figure, None where there is none."""

OTHER = "Other"
_METRICS = {"average": "avg", "unique_count": "cardinality"}


def layer_of(saved: SavedLens) -> Layer:
    """The one layer of a chart."""
    (layer,) = saved.attributes.state.datasource_states.form_based.layers.values()
    return layer


def chart_request(saved: SavedLens, source: Source, context: Context) -> Request:
    """The search behind a chart."""
    body = _body(saved, source, context)
    return search_request(f"lens {saved.id}: aggregations", source, body)


def other_request(saved: SavedLens, source: Source, context: Context, answer: Answer) -> Request | None:
    """The second search of a chart that has a group for the rest; None where it has none, or nothing is left."""
    layer = layer_of(saved)
    first = layer.columns[layer.column_order[0]]
    if not isinstance(first, TermsColumn) or not first.params.other_bucket:
        return None
    outer = answer.get("aggregations", {}).get("0", {})
    if not outer.get("sum_other_doc_count"):
        return None
    body = _body(saved, source, context)
    inner = body["aggs"]["0"].get("aggs", {})
    rest = {
        "must": [],
        "filter": [{"exists": {"field": first.source_field}}],
        "should": [],
        "must_not": [{"match_phrase": {first.source_field: bucket["key"]}} for bucket in outer["buckets"]],
    }
    filters = {"filters": {"filters": {OTHER: {"bool": rest}}}}
    body["aggs"] = {"0": filters | ({"aggs": inner} if inner else {})}
    return search_request(f"lens {saved.id}: the rest", source, body)


def rows(layer: Layer, answer: Answer) -> list[Row]:
    """The answer as a table."""
    groups = [id for id in layer.column_order if layer.columns[id].is_bucketed]
    whole = {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}
    return list(_rows(layer, groups, whole, {}))


def _body(saved: SavedLens, source: Source, context: Context) -> dict[str, Any]:
    return {
        "size": 0,
        "track_total_hits": True,
        "query": filtered(saved.attributes.state.query.query, source, context),
        "aggs": _aggregations(layer_of(saved), source, context),
        "runtime_mappings": {},
        "script_fields": {},
        "stored_fields": ["*"],
    }


def _aggregations(layer: Layer, source: Source, context: Context) -> dict[str, Any]:
    """Groups in each other in the order of the columns, figures in the innermost."""
    figures: dict[str, Any] = {}
    for number, id in enumerate(layer.column_order):
        if isinstance(column := layer.columns[id], MetricColumn):
            figures |= _figure(str(number), column, source, context)
    found = figures
    for number, id in reversed(list(enumerate(layer.column_order))):
        column = layer.columns[id]
        if isinstance(column, MetricColumn):
            continue
        ordering = _ordering(layer, column, figures)
        found = {str(number): _group(layer, column, context) | _within(found | ordering)}
    return found


def _within(aggregations: dict[str, Any]) -> dict[str, Any]:
    return {"aggs": aggregations} if aggregations else {}


def _figure(name: str, column: MetricColumn, source: Source, context: Context) -> dict[str, Any]:
    """A figure's aggregation; a count needs none, unless it has a filter."""
    kind = column.operation_type
    inner: dict[str, Any] = {}
    if kind != "count":
        inner = {
            f"{name}-metric" if column.filter else name: {
                _METRICS.get(kind, kind): {"field": column.source_field}
            }
        }
    if column.filter is None:
        return inner
    clause = compile_kql(parse_kql(column.filter.query), source.fields, context.zone)
    condition = {"bool": {"must": [], "filter": [clause], "should": [], "must_not": []}}
    return {f"{name}-bucket": {"filter": condition, **_within(inner)}}


def _group(layer: Layer, column: Column, context: Context) -> dict[str, Any]:
    if isinstance(column, HistogramColumn):
        empty = column.params.include_empty_rows
        return histogram(column.source_field, column.params.interval, context, empty=empty)
    assert isinstance(column, TermsColumn)  # noqa: S101  # the third kind of column is a figure
    params = column.params
    order = {_order_key(layer, column): params.order_direction}
    return {"terms": {"field": column.source_field, "order": order, "size": params.size, "shard_size": 25}}


def _order_key(layer: Layer, column: TermsColumn) -> str:
    by = column.params.order_by
    if by.column_id is None:
        return "_key"
    number = layer.column_order.index(by.column_id)
    return "_count" if layer.columns[by.column_id].operation_type == "count" else str(number)


def _ordering(layer: Layer, column: Column, figures: dict[str, Any]) -> dict[str, Any]:
    """The figure that a group is ordered by has to stand in the group itself, too."""
    if not isinstance(column, TermsColumn):
        return {}
    key = _order_key(layer, column)
    return {key: figures[key]} if key in figures else {}


def _rows(layer: Layer, groups: list[str], within: dict[str, Any], row: Row) -> Iterator[Row]:
    if not groups:
        yield row | {
            id: _value(str(number), column, within)
            for number, id in enumerate(layer.column_order)
            if isinstance(column := layer.columns[id], MetricColumn)
        }
        return
    id, *inner = groups
    buckets = within[str(layer.column_order.index(id))]["buckets"]
    named = buckets.items() if isinstance(buckets, dict) else ((each["key"], each) for each in buckets)
    for key, bucket in named:
        yield from _rows(layer, inner, bucket, row | {id: key})


def _value(name: str, column: MetricColumn, within: dict[str, Any]) -> Any:
    filtered_one = within.get(f"{name}-bucket", within)
    if column.operation_type == "count":
        return filtered_one["doc_count"]
    return filtered_one[f"{name}-metric" if column.filter else name]["value"]
