"""Data views: they lead to an alias of ours, on a date, and label and format fields that are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from index.kibana.checks.file import File
from index.kibana.fields import Fields
from index.kibana.shapes import FieldFormat, SavedView

_VIEW_LINK = re.compile(r"(discover|dashboards)#/view/([^?&)\s]+)")
_PATTERN = frozenset({"pattern"})
# Of Kibana's formatters (its package field-formats, as of 8.19 and 9.x); parsedUrl is what Kibana itself adds.
_PARAMS: dict[str, frozenset[str]] = {
    "url": frozenset(
        {"type", "urlTemplate", "labelTemplate", "openLinkInCurrentTab", "width", "height", "parsedUrl"}
    ),
    "date": frozenset({"pattern", "timezone"}),
    "number": _PATTERN,
    "percent": _PATTERN,
    "bytes": _PATTERN,
    "string": frozenset({"transform"}),
    "boolean": frozenset(),
    "duration": frozenset(
        {
            *("inputFormat", "outputFormat", "outputPrecision"),
            *("showSuffix", "useShortSuffix", "includeSpaceWithSuffix"),
        }
    ),
}
_TYPES = {"discover": "search", "dashboards": "dashboard"}


def view_faults(saved: SavedView, file: File) -> Iterator[str]:
    """What is wrong with a data view."""
    attributes = saved.attributes
    fields = file.fields(saved.id)
    if fields is None:
        yield f"title: {attributes.title} is no alias of this index: {', '.join(file.aliases)} are"
        return
    time = fields.get(attributes.time_field_name)
    if time is None or time.family != "date":
        yield f"timeFieldName: {attributes.time_field_name} is no date"
    yield from _unknown("fieldAttrs", attributes.field_attrs or {}, fields)
    yield from _unknown("runtimeFieldMap", attributes.runtime_field_map or {}, {})
    formats = attributes.field_format_map or {}
    yield from _unknown("fieldFormatMap", formats, fields)
    for name, shown in formats.items():
        yield from _format_faults(name, shown, file)
    for pattern in attributes.source_filters or []:
        if not any(fnmatchcase(name, pattern.value) for name in fields):
            yield f"sourceFilters: {pattern.value} matches no field"


def link_faults(text: str, file: File) -> Iterator[str]:
    """Links in a text that lead to a search or dashboard that is not in the file."""
    for app, id in _VIEW_LINK.findall(text):
        if (_TYPES[app], id) not in file.objects:
            yield f"link to {_TYPES[app]} {id}, which is not in the file"


def _unknown(place: str, names: Iterable[str], fields: Fields) -> Iterator[str]:
    yield from (f"{place}: no such field: {name}" for name in names if name not in fields)


def _format_faults(name: str, shown: FieldFormat, file: File) -> Iterator[str]:
    unknown = sorted(set(shown.params or {}) - _PARAMS[shown.id])
    yield from (f"fieldFormatMap: {name}: a {shown.id} has no parameter {each}" for each in unknown)
    template = str((shown.params or {}).get("urlTemplate", ""))
    if template and not re.match(r"https?://|\.\./app/|\{\{rawValue\}\}", template):
        yield f"fieldFormatMap: {name}: Kibana shows no link for {template!r}"
    yield from (f"fieldFormatMap: {name}: {fault}" for fault in link_faults(template, file))
