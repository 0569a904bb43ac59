"""`Catalogue`: the saved objects of an index, read back from the file, with what each of them asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from index.kibana.checks.file import File, file_of, target
from index.kibana.envelope import SEARCH_SOURCE_INDEX
from index.kibana.objects import ndjson
from index.kibana.replay.request import Source
from index.kibana.shapes import SAVED, SavedDashboard, SavedLens, SavedQuery, SavedSearch, SavedView
from index.kibana.validate import lines_of


class Catalogue:
    """Objects by kind, in the order of the file."""

    def __init__(self, file: File) -> None:
        self._file = file
        objects = file.objects.values()
        self.views = [each for each in objects if isinstance(each, SavedView)]
        self.searches = [each for each in objects if isinstance(each, SavedSearch)]
        self.charts = [each for each in objects if isinstance(each, SavedLens)]
        self.dashboards = [each for each in objects if isinstance(each, SavedDashboard)]
        self.queries = [each for each in objects if isinstance(each, SavedQuery)]

    @classmethod
    def of(cls, prefix: str) -> Self:
        """What `ndjson` writes for the index called `prefix`."""
        objects = [SAVED.validate_json(line) for line in lines_of(ndjson(prefix))]
        return cls(file_of({(each.type, each.id): each for each in objects}, prefix))

    def source(self, saved: SavedView | SavedSearch | SavedLens | SavedDashboard) -> Source:
        """What an object asks; the controls of a dashboard share one view."""
        view_id = saved.id if isinstance(saved, SavedView) else next(_view_ids(saved))
        view = next(each for each in self.views if each.id == view_id)
        fields = self._file.fields(view_id) or {}
        hidden = tuple(each.value for each in view.attributes.source_filters or [])
        return Source(view.attributes.title, view.attributes.time_field_name, fields, hidden)

    def chart(self, id: str) -> SavedLens:
        """The chart of that id."""
        return next(each for each in self.charts if each.id == id)

    def search(self, id: str) -> SavedSearch:
        """The search of that id."""
        return next(each for each in self.searches if each.id == id)


def _view_ids(saved: SavedSearch | SavedLens | SavedDashboard) -> Iterator[str]:
    if isinstance(saved, SavedSearch):
        yield target(saved, SEARCH_SOURCE_INDEX)
    yield from (each.id for each in saved.references if each.type == "index-pattern")
