"""Dashboards: panels stand inside the grid and beside each other, controls have lists of values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from index.kibana.checks.file import File, target
from index.kibana.checks.queries import is_backwards, is_moment, query_faults
from index.kibana.checks.views import link_faults
from index.kibana.panels import GRID
from index.kibana.shapes import Control, Grid, Panel, SavedDashboard


def dashboard_faults(saved: SavedDashboard, file: File) -> Iterator[str]:
    """What is wrong with a dashboard."""
    attributes = saved.attributes
    source = attributes.kibana_saved_object_meta.search_source
    yield from (f"searchSourceJSON: {fault}" for fault in query_faults(source.query.query, file.every_field))
    for index, times in Counter(panel.panel_index for panel in attributes.panels).items():
        if times > 1:
            yield f"panel {index}: there are {times} of this panelIndex"
    for panel in attributes.panels:
        yield from (f"panel {panel.panel_index}: {fault}" for fault in _panel_faults(panel, file))
    for one, other in combinations(attributes.panels, 2):
        if _overlap(one.grid_data, other.grid_data):
            yield f"panel {one.panel_index} and panel {other.panel_index} lie over each other"
    group = attributes.control_group_input
    for id, control in group.panels.items() if group else ():
        yield from (f"control {id}: {fault}" for fault in _control_faults(id, control, saved, file))
    yield from _time_faults(saved)


def _panel_faults(panel: Panel, file: File) -> Iterator[str]:
    grid = panel.grid_data
    if grid.i != panel.panel_index:
        yield f"gridData.i is {grid.i}"
    if min(grid.x, grid.y) < 0 or min(grid.w, grid.h) < 1 or grid.x + grid.w > GRID:
        yield f"x {grid.x}, y {grid.y}, w {grid.w}, h {grid.h} is not inside the {GRID} columns"
    markdown = panel.embeddable_config.saved_vis
    if panel.panel_ref_name is None and markdown is None:
        yield "neither a reference nor markdown: save what it shows as an object of its own"
    elif panel.panel_ref_name is not None and panel.panel_ref_name != f"panel_{panel.panel_index}":
        yield f"panelRefName is {panel.panel_ref_name}, not panel_{panel.panel_index}"
    if markdown is not None:
        yield from link_faults(markdown.params.markdown, file)


def _overlap(one: Grid, other: Grid) -> bool:
    beside = one.x + one.w <= other.x or other.x + other.w <= one.x
    apart = one.y + one.h <= other.y or other.y + other.h <= one.y
    return not (beside or apart)


def _control_faults(id: str, control: Control, saved: SavedDashboard, file: File) -> Iterator[str]:
    if control.explicit_input.id != id:
        yield f"explicitInput.id is {control.explicit_input.id}"
    name = control.explicit_input.field_name
    slider = control.type == "rangeSliderControl"
    view = target(saved, f"controlGroup_{id}:{'rangeSliderDataView' if slider else 'optionsListDataView'}")
    fields = file.fields(view)
    if fields is None:
        return  # the reference, or the view, is told of
    if name not in fields:
        yield f"no such field: {name}"
    elif not fields[name].aggregatable:
        yield f"{name} has no doc values: there is no list of its values"
    elif slider and fields[name].family != "number":
        yield f"{name} is no number to slide along"


def _time_faults(saved: SavedDashboard) -> Iterator[str]:
    bounds = (saved.attributes.time_from, saved.attributes.time_to)
    if saved.attributes.time_restore and None in bounds:
        yield "timeRestore: timeFrom or timeTo is missing"
    start, end = bounds
    if start is not None and end is not None and is_backwards(start, end):
        yield f"timeFrom, timeTo: {end!r} is before {start!r}"
    for bound in bounds:
        if bound is not None and not is_moment(bound):
            yield f"timeFrom, timeTo: {bound!r} is no time"
