"""The fields of our indices as Kibana sees them, read from the mapping, so that a renamed field breaks the build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index.elastic.schema import mapping

Content = Literal["articles", "runs"]
"""What the documents behind a data view are."""

Family = Literal["string", "number", "date", "boolean"]

_FAMILIES: dict[str, Family] = {"text": "string", "keyword": "string", "date": "date", "boolean": "boolean"}


class UnknownField(ValueError):
    """A saved object names a field that the mapping does not have, or cannot be used that way."""


@dataclass(frozen=True, slots=True)
class MappedField:
    """One leaf of a mapping. `type` is Elasticsearch's, `family` what Kibana makes of it."""

    name: str
    type: str
    searchable: bool
    aggregatable: bool  # has doc values: can be sorted by, charted and offered by a control

    @property
    def family(self) -> Family:
        """Kibana's type of the field."""
        return _FAMILIES.get(self.type, "number")


Fields = Mapping[str, MappedField]


def properties(content: Content) -> dict[str, Any]:
    """The mapping's properties of a kind of documents."""
    found: dict[str, Any] = mapping(content)["properties"]
    return found


def mapped_fields(content: Content) -> dict[str, MappedField]:
    """Every leaf by its full name, sub-fields ('title.exact') included."""
    return {field.name: field for field in _leaves("", properties(content))}


def outcomes() -> list[str]:
    """Names of what becomes of a link, in the order of the mapping of run documents."""
    return list(properties("runs")["outcomes"]["properties"])


def _leaves(prefix: str, entries: Mapping[str, Any]) -> Iterator[MappedField]:
    for name, entry in entries.items():
        full = f"{prefix}{name}"
        if "type" in entry and entry["type"] != "object":
            yield _field(full, entry)
        yield from _leaves(f"{full}.", entry.get("properties", {}) | entry.get("fields", {}))


def _field(name: str, entry: Mapping[str, Any]) -> MappedField:
    kind = entry["type"]
    return MappedField(name, kind, entry.get("index", True), kind != "text" and entry.get("doc_values", True))
