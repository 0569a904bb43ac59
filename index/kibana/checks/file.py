"""`File`: the objects of one NDJSON file, and the fields behind its data views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from index.elastic.schema import Names
from index.kibana.fields import Content, Fields, mapped_fields
from index.kibana.shapes import Saved, SavedView
from index.kibana.views import runs_alias


@dataclass(frozen=True, slots=True)
class File:
    """Objects by type and id, in the order of the file; `aliases` are those that our templates make."""

    objects: Mapping[tuple[str, str], Saved]
    aliases: Mapping[str, Content]
    contents: Mapping[Content, Fields]

    def fields(self, view_id: str) -> Fields | None:
        """The fields that a data view of the file shows; None for a view that is not there or leads nowhere."""
        view = self.objects.get(("index-pattern", view_id))
        content = self.aliases.get(view.attributes.title) if isinstance(view, SavedView) else None
        return None if content is None else self.contents[content]

    def hides(self, view_id: str, name: str) -> bool:
        """Whether a data view hides a field: its values never come to a page."""
        view = self.objects.get(("index-pattern", view_id))
        patterns = (view.attributes.source_filters or []) if isinstance(view, SavedView) else []
        return any(fnmatchcase(name, each.value) for each in patterns)

    @property
    def every_field(self) -> Fields:
        """The fields of all our indices: a query of no view may name any."""
        return {**self.contents["runs"], **self.contents["articles"]}


def file_of(objects: Mapping[tuple[str, str], Saved], prefix: str) -> File:
    """The objects of the index called `prefix`."""
    names = Names(prefix)
    aliases: dict[str, Content] = {
        names.canonical: "articles",
        names.articles: "articles",
        runs_alias(prefix): "runs",
    }
    contents: dict[Content, Fields] = {
        "articles": mapped_fields("articles"),
        "runs": mapped_fields("runs"),
    }
    return File(objects, aliases, contents)


def target(saved: Saved, reference_name: str) -> str:
    """The id that a reference of an object leads to, '' when it has none of that name."""
    return next((each.id for each in saved.references if each.name == reference_name), "")
