"""The envelope of a saved object, and the versions that both Kibana 8.19 and 9.x read.

Kibana brings what an older release wrote up to date when it imports it, and refuses what a newer one wrote.
So each type carries the oldest version whose attributes it needs; one file serves both majors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

DEFAULT_PREFIX = "news"
CORE_VERSION = "8.8.0"

ObjectType = Literal["index-pattern", "search", "lens", "dashboard", "query", "tag"]
VERSIONS: dict[ObjectType, str] = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "lens": "8.9.0",
    "dashboard": "10.2.0",
    "query": "8.0.0",
    "tag": "8.0.0",
}

SavedObject = dict[str, Any]
Reference = dict[str, str]

SEARCH_SOURCE_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"
"""The name by which a search source refers to its data view."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Ids and titles of the objects for one name of the index; those of two names live side by side."""

    prefix: str = DEFAULT_PREFIX

    def id(self, name: str) -> str:
        """A fixed, readable id, so that importing again replaces."""
        return f"{self.prefix}-{name}"

    def title(self, text: str) -> str:
        """The title, which names the index when it is not the default one."""
        return text if self.prefix == DEFAULT_PREFIX else f"{text} ({self.prefix})"


def saved_object(
    kind: ObjectType, id: str, attributes: dict[str, Any], references: Iterable[Reference] = ()
) -> SavedObject:
    """One line of the file, not yet as text."""
    return {
        "type": kind,
        "id": id,
        "attributes": attributes,
        "references": list(references),
        "managed": False,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": VERSIONS[kind],
    }


def reference(name: str, kind: ObjectType, id: str) -> Reference:
    """A reference to another object by the name that the attributes use."""
    return {"name": name, "type": kind, "id": id}


def packed(value: object) -> str:
    """A value as the JSON text that Kibana keeps inside an attribute."""
    return json.dumps(value, ensure_ascii=False)


def kql(query: str) -> dict[str, str]:
    """A query in Kibana's query language."""
    return {"query": query, "language": "kuery"}
