"""Panels of a dashboard on Kibana's grid of 48 columns, and its controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from index.kibana.envelope import Reference, packed, reference
from index.kibana.fields import UnknownField, mapped_fields
from index.kibana.views import View

GRID = 48


@dataclass(frozen=True, slots=True)
class Panel:
    """A saved object on a dashboard, by its id; or, for `markdown`, the text itself."""

    type: Literal["lens", "search", "markdown"]
    content: str
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """Panels beside each other; `height` in units of the grid, some 20 pixels each."""

    height: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A list of a field's values above the panels, from which one picks."""

    field: str
    title: str


def placed(rows: Sequence[Row]) -> Iterator[tuple[dict[str, Any], list[Reference]]]:
    """Each panel as Kibana stores it, with the references it needs."""
    number, y = 0, 0
    for row in rows:
        x = 0
        for panel in row.panels:
            number += 1
            grid = {"x": x, "y": y, "w": panel.width, "h": row.height, "i": f"p{number}"}
            yield _panel(panel, grid)
            x += panel.width
        y += row.height


def control_group(controls: Sequence[Control], view: View) -> tuple[dict[str, Any], list[Reference]]:
    """The `controlGroupInput` of a dashboard and its references. Raises `UnknownField`."""
    mapped = mapped_fields(view.content)
    group: dict[str, Any] = {}
    for order, control in enumerate(controls):
        if control.field not in mapped or not mapped[control.field].aggregatable:
            raise UnknownField(f"control on {view.id}: {control.field} is no field that has a list of values")
        id = _control_id(control)
        group[id] = {
            "order": order,
            "width": "medium",
            "grow": True,
            "type": "optionsListControl",
            "explicitInput": {"id": id, "fieldName": control.field, "title": control.title},
        }
    ignore = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    stored = {
        "controlStyle": "oneLine",
        "chainingSystem": "HIERARCHICAL",
        "panelsJSON": packed(group),
        "ignoreParentSettingsJSON": packed(ignore),
        "showApplySelections": False,
    }
    names = [f"controlGroup_{_control_id(control)}:optionsListDataView" for control in controls]
    return stored, [reference(name, "index-pattern", view.id) for name in names]


def _control_id(control: Control) -> str:
    return control.field.replace(".", "_")


def _panel(panel: Panel, grid: dict[str, Any]) -> tuple[dict[str, Any], list[Reference]]:
    index = grid["i"]
    stored: dict[str, Any] = {
        "type": panel.type,
        "panelIndex": index,
        "gridData": grid,
        "embeddableConfig": {"enhancements": {}},
    }
    if panel.type == "markdown":
        config = {"enhancements": {}, "savedVis": _markdown(panel.content)}
        return stored | {"type": "visualization", "embeddableConfig": config, "title": ""}, []
    link = reference(f"{index}:panel_{index}", panel.type, panel.content)
    return stored | {"panelRefName": f"panel_{index}"}, [link]


def _markdown(text: str) -> dict[str, Any]:
    return {
        "type": "markdown",
        "title": "",
        "params": {"markdown": text, "fontSize": 12, "openLinksInNewTab": False},
        "uiState": {},
        "data": {"aggs": [], "searchSource": {}},
    }
