"""Lens charts: columns fit their fields, their order, and the parts they play in the picture."""

from __future__ import annotations

from collections.abc import Iterator

from index.kibana.checks.file import File, target
from index.kibana.checks.queries import query_faults
from index.kibana.columns import RECORDS
from index.kibana.fields import Family, Fields
from index.kibana.lens_shapes import Column, Layer, MetricColumn, TermsColumn, Use
from index.kibana.shapes import SavedLens

_ANY: tuple[Family, ...] = ("string", "number", "date", "boolean")
_FAMILIES: dict[str, tuple[Family, ...]] = {
    "terms": _ANY,
    "unique_count": _ANY,
    "date_histogram": ("date",),
    "sum": ("number",),
    "average": ("number",),
    "max": ("number", "date"),
    "min": ("number", "date"),
}


def chart_faults(saved: SavedLens, file: File) -> Iterator[str]:
    """What is wrong with a chart."""
    state = saved.attributes.state
    layers = state.datasource_states.form_based.layers
    yield from query_faults(state.query.query, file.every_field)
    for id, layer in layers.items():
        fields = file.fields(target(saved, f"indexpattern-datasource-layer-{id}"))
        yield from (f"{id}: {fault}" for fault in _layer_faults(layer, fields))
    for use in state.visualization.uses:
        if use.layer_id not in layers:
            yield f"visualization: there is no layer {use.layer_id}"
        else:
            yield from (f"{use.layer_id}: {fault}" for fault in _use_faults(use, layers[use.layer_id]))
    drawn = {use.layer_id for use in state.visualization.uses}
    yield from (f"{id}: the layer is not drawn" for id in layers if id not in drawn)


def _layer_faults(layer: Layer, fields: Fields | None) -> Iterator[str]:
    if sorted(layer.column_order) != sorted(layer.columns):
        yield f"columnOrder {layer.column_order} are not the columns {list(layer.columns)}"
    ordered = [layer.columns[id] for id in layer.column_order if id in layer.columns]
    buckets = [column.is_bucketed for column in ordered]
    if buckets != sorted(buckets, reverse=True):
        yield "columnOrder: groups come before figures"
    if all(buckets):
        yield "there is no figure: nothing is counted"
    for id, column in layer.columns.items():
        yield from (f"column {id}: {fault}" for fault in _column_faults(column, layer))
        if fields is not None:
            yield from (f"column {id}: {fault}" for fault in _field_faults(column, fields))


def _column_faults(column: Column, layer: Layer) -> Iterator[str]:
    groups = not isinstance(column, MetricColumn)
    if column.is_bucketed != groups:
        yield f"isBucketed: a {column.operation_type} {'groups' if groups else 'does not group'}"
    if isinstance(column, TermsColumn) and column.params.order_by.type == "column":
        wanted = column.params.order_by.column_id or ""
        if not isinstance(layer.columns.get(wanted), MetricColumn):
            yield f"orderBy: {wanted or 'nothing'} is no figure of the layer"


def _field_faults(column: Column, fields: Fields) -> Iterator[str]:
    if column.filter is not None:
        yield from query_faults(column.filter.query, fields)
    name = column.source_field
    if column.operation_type == "count":
        if name != RECORDS:
            yield f"sourceField: a count is of {RECORDS}, not of {name}"
        return
    field = fields.get(name)
    if field is None:
        yield f"sourceField: no such field: {name}"
    elif not field.aggregatable:
        yield f"sourceField: {name} has no doc values: it cannot be charted"
    elif field.family not in _FAMILIES[column.operation_type]:
        yield f"sourceField: no {column.operation_type} of {name}, which is a {field.family}"
    elif column.data_type != ("number" if column.operation_type == "unique_count" else field.family):
        yield f"dataType: {name} is a {field.family}, not a {column.data_type}"


def _use_faults(use: Use, layer: Layer) -> Iterator[str]:
    used = [*use.groups, *use.figures, *use.either]
    yield from (f"visualization: there is no column {id}" for id in used if id not in layer.columns)
    for id in used:
        if id not in layer.columns:
            continue
        is_figure = isinstance(layer.columns[id], MetricColumn)
        if id in use.groups and is_figure:
            yield f"visualization: {id} is a figure where a group should be"
        if id in use.figures and not is_figure:
            yield f"visualization: {id} is a group where a figure should be"
    yield from (f"visualization: column {id} is not shown" for id in layer.columns if id not in used)
