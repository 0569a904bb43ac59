"""Values of a stored document by the name that Kibana gives a field."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def leaf(document: Document, name: str) -> Any:
    """The value of a field: 'source.name'."""
    value: Any = document
    for part in name.split("."):
        value = value[part]
    return value


def has(document: Document, name: str) -> bool:
    """Whether a document has any value of a field, also within a list of objects."""
    value: Any = document
    for part in name.split("."):
        value = [each[part] for each in value] if isinstance(value, list) else value[part]
    return value not in (None, [])
