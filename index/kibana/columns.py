"""Columns of a Lens layer: what is counted, summed or grouped by. Each is checked against the mapping when made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from index.kibana.envelope import kql
from index.kibana.fields import Family, MappedField, UnknownField, mapped_fields
from index.kibana.views import View

RECORDS = "___records___"  # what a count has for its field
Metric = Literal["sum", "average", "max", "unique_count"]

PERCENT = {"format": {"id": "percent", "params": {"decimals": 0}}}
_METRIC_FAMILIES: dict[Metric, tuple[Family, ...]] = {
    "sum": ("number",),
    "average": ("number",),
    "max": ("number", "date"),
    "unique_count": ("string", "number", "date", "boolean"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its id."""

    id: str
    body: dict[str, Any]

    @property
    def is_bucket(self) -> bool:
        """Whether it groups documents."""
        return bool(self.body["isBucketed"])


def count(label: str, *, only: str = "", id: str = "count") -> Column:
    """How many documents; `only` is a query that they must match."""
    body = _body(label, "number", "count", RECORDS, scale="ratio", params={"emptyAsNull": False})
    return Column(id, body | ({"filter": kql(only)} if only else {}))


def measure(view: View, metric: Metric, name: str, label: str, **params: Any) -> Column:
    """A number (or, for `max`, a time) made of a field. Raises `UnknownField`."""
    field = _chartable(view, name)
    if field.family not in _METRIC_FAMILIES[metric]:
        raise UnknownField(f"{view.id}: {metric} of {name}, which is a {field.family}")
    kind = "number" if metric == "unique_count" else field.family
    body = _body(label, kind, metric, name, scale="ratio", params={**params})
    return Column(name.replace(".", "_"), body)


def top(view: View, name: str, size: int, by: Column, label: str, *, other: bool = False) -> Column:
    """The most frequent values of a field, by another column. Raises `UnknownField`."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": by.id},
        "orderDirection": "desc",
        "otherBucket": other,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
    }
    field = _chartable(view, name)
    return Column(
        f"by_{name.replace('.', '_')}",
        _body(label, field.family, "terms", name, scale="ordinal", bucketed=True, params=params),
    )


def values(view: View, name: str, size: int, label: str) -> Column:
    """The values of a field in the order of the alphabet. Raises `UnknownField`."""
    params = {
        "size": size,
        "orderBy": {"type": "alphabetical", "fallback": False},
        "orderDirection": "asc",
        "otherBucket": False,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
    }
    field = _chartable(view, name)
    return Column(
        f"by_{name.replace('.', '_')}",
        _body(label, field.family, "terms", name, scale="ordinal", bucketed=True, params=params),
    )


def over_time(view: View, interval: str) -> Column:
    """Steps of the view's time field: '1d', or 'auto' for as many as fit."""
    params = {"interval": interval, "includeEmptyRows": True, "dropPartials": False}
    body = _body(
        "Time", "date", "date_histogram", view.time_field, scale="interval", bucketed=True, params=params
    )
    return Column("time", body)


def _body(
    label: str,
    kind: str,
    operation: str,
    field: str,
    *,
    scale: str,
    bucketed: bool = False,
    params: dict[str, Any],
) -> dict[str, Any]:
    return {
        "label": label,
        "customLabel": True,
        "dataType": kind,
        "operationType": operation,
        "scale": scale,
        "isBucketed": bucketed,
        "sourceField": field,
        "params": params,
    }


def _chartable(view: View, name: str) -> MappedField:
    """A field that Lens can use: it leaves out those without doc values, texts among them."""
    field = mapped_fields(view.content).get(name)
    if field is None or not field.aggregatable:
        why = "no such field" if field is None else "a field without doc values, which cannot be charted"
        raise UnknownField(f"{view.id}: {name}: {why}")
    return field
