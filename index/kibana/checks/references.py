"""References: each has a name of its own, is used, and leads to an object that stands earlier in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from index.kibana.checks.file import File
from index.kibana.shapes import Filter, Saved, SavedDashboard, SavedLens, SavedQuery, SavedSearch

_CONTROL_VIEWS = {"optionsListControl": "optionsListDataView", "rangeSliderControl": "rangeSliderDataView"}


def reference_faults(saved: Saved, file: File) -> Iterator[str]:
    """What is wrong with the references of an object."""
    given = {each.name: each for each in saved.references}
    for name, times in Counter(each.name for each in saved.references).items():
        if times > 1:
            yield f"references: {name} is there {times} times"
    needed = dict(_needed(saved))
    for name, kind in needed.items():
        if name not in given:
            yield f"references: {name} is used and not there"
        elif given[name].type != kind:
            yield f"references: {name} leads to a {given[name].type}, not to a {kind}"
    for name, each in given.items():
        if name not in needed and not (each.type == "tag" and name == f"tag-ref-{each.id}"):
            yield f"references: {name} is used by nothing"
        yield from _target_faults(saved, name, (each.type, each.id), file)


def _target_faults(saved: Saved, name: str, wanted: tuple[str, str], file: File) -> Iterator[str]:
    if wanted not in file.objects:
        yield f"references: {name} leads to {wanted[0]} {wanted[1]}, which is not in the file"
        return
    order = list(file.objects)
    if order.index(wanted) >= order.index((saved.type, saved.id)):
        yield f"references: {name} leads to {wanted[0]} {wanted[1]}, which comes later in the file"


def _needed(saved: Saved) -> Iterator[tuple[str, str]]:
    """Name and type of each reference that the attributes use."""
    if isinstance(saved, SavedSearch):
        source = saved.attributes.kibana_saved_object_meta.search_source
        yield source.index_ref_name or "kibanaSavedObjectMeta.searchSourceJSON.index", "index-pattern"
        yield from _of_filters(source.filter)
    elif isinstance(saved, SavedLens):
        for layer in saved.attributes.state.datasource_states.form_based.layers:
            yield f"indexpattern-datasource-layer-{layer}", "index-pattern"
    elif isinstance(saved, SavedDashboard):
        yield from _of_dashboard(saved)
    elif isinstance(saved, SavedQuery):
        yield from _of_filters(saved.attributes.filters)


def _of_dashboard(saved: SavedDashboard) -> Iterator[tuple[str, str]]:
    for panel in saved.attributes.panels:
        if panel.panel_ref_name:
            yield f"{panel.panel_index}:{panel.panel_ref_name}", panel.type
    group = saved.attributes.control_group_input
    for id, control in group.panels.items() if group else ():
        yield f"controlGroup_{id}:{_CONTROL_VIEWS[control.type]}", "index-pattern"
    yield from _of_filters(saved.attributes.kibana_saved_object_meta.search_source.filter)


def _of_filters(filters: Sequence[Filter]) -> Iterator[tuple[str, str]]:
    for each in filters:
        if each.meta.index_ref_name:
            yield each.meta.index_ref_name, "index-pattern"
