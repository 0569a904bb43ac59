"""Lens visualizations of one layer: bars, lines, tables, rings and single figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from index.kibana.columns import Column
from index.kibana.envelope import Naming, SavedObject, kql, reference, saved_object
from index.kibana.views import View

LAYER = "layer1"
Shape = Literal["bar_stacked", "bar_horizontal", "line"]
Visualization = Literal["lnsXY", "lnsMetric", "lnsDatatable", "lnsPie"]


@dataclass(frozen=True, slots=True)
class Chart:
    """One Lens object. `columns` are in the order of nesting: groups first, then what is measured."""

    name: str
    title: str
    description: str
    view: View
    columns: tuple[Column, ...]
    type: Visualization
    visualization: dict[str, Any]


def xy(
    shape: Shape, *, x: Column, metrics: Sequence[Column], split: Column | None = None
) -> tuple[tuple[Column, ...], Visualization, dict[str, Any]]:
    """Bars or lines along `x`, in the colours of `split`. Columns, type and visualization of a `Chart`."""
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": shape,
        "xAccessor": x.id,
        "accessors": [metric.id for metric in metrics],
    } | ({"splitAccessor": split.id} if split else {})
    several = split is not None or len(metrics) > 1
    look = {
        "legend": {"isVisible": several, "position": "right"},
        "valueLabels": "show" if shape == "bar_horizontal" else "hide",
        "preferredSeriesType": shape,
        "layers": [layer],
    }
    groups = (split, x) if split else (x,)
    return (*groups, *metrics), "lnsXY", look


def table(
    rows: Column, metrics: Sequence[Column]
) -> tuple[tuple[Column, ...], Visualization, dict[str, Any]]:
    """A row for each value, a column for each figure."""
    columns = (rows, *metrics)
    look = {
        "layerId": LAYER,
        "layerType": "data",
        "columns": [{"columnId": column.id} for column in columns],
        "paging": {"size": 20, "enabled": True},
    }
    return columns, "lnsDatatable", look


def figure(metric: Column) -> tuple[tuple[Column, ...], Visualization, dict[str, Any]]:
    """One large number."""
    return (metric,), "lnsMetric", {"layerId": LAYER, "layerType": "data", "metricAccessor": metric.id}


def ring(parts: Column, metric: Column) -> tuple[tuple[Column, ...], Visualization, dict[str, Any]]:
    """Shares of a whole."""
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "primaryGroups": [parts.id],
        "metrics": [metric.id],
        "numberDisplay": "value",
        "categoryDisplay": "default",
        "legendDisplay": "default",
    }
    return (parts, metric), "lnsPie", {"shape": "donut", "layers": [layer]}


def saved_chart(chart: Chart, naming: Naming) -> SavedObject:
    """The chart as a saved object."""
    layer = {
        "columnOrder": [column.id for column in chart.columns],
        "columns": {column.id: column.body for column in chart.columns},
        "incompleteColumns": {},
    }
    attributes = {
        "title": naming.title(chart.title),
        "description": chart.description,
        "visualizationType": chart.type,
        "state": {
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "visualization": chart.visualization,
            "query": kql(""),
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }
    view = reference(f"indexpattern-datasource-layer-{LAYER}", "index-pattern", chart.view.id)
    return saved_object("lens", naming.id(chart.name), attributes, [view])
