"""Importing the saved objects: the space, the import itself, what its answer says, the default view.

Kibana answers 200 to an import that failed; `success` says how it went. Where a reference is missing or an object
cannot be told from another, it writes nothing at all, although it counts the rest as imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index.kibana.address import DEFAULT_SPACE, in_space
from index.kibana.answer import (
    KibanaForbidden,
    KibanaMissing,
    KibanaRefused,
    KibanaUnavailable,
    one_line,
)
from index.kibana.client import Kibana
from index.kibana.envelope import Naming
from index.kibana.validate import lines_of
from index.kibana.views import views_of

FILE_NAME = "svodka.ndjson"  # Kibana refuses names that do not end in .ndjson
_NOTHING_WRITTEN = {"missing_references", "ambiguous_conflict"}
_ALIAS = "legacy-url-alias"


class NoSuchSpace(KibanaUnavailable):
    """The space is not there."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that was not imported: `kind` is Kibana's type of error."""

    type: str
    id: str
    title: str
    kind: str
    reason: str
    advice: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.type} {self.id} ({self.title}): {self.kind}: {self.reason}; {self.advice}"


@dataclass(frozen=True, slots=True)
class Imported:
    """An object that Kibana took; `stored_id` differs from `id` where another space has that id already."""

    type: str
    id: str
    title: str
    stored_id: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What Kibana said of an import of `sent` objects."""

    sent: int
    imported: tuple[Imported, ...]
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every object is there."""
        return not self.failures and len(self.imported) == self.sent

    def stored_id(self, type: str, id: str) -> str:  # noqa: A002 - Kibana's own name
        """The id under which an object is in its space."""
        found = (each.stored_id for each in self.imported if (each.type, each.id) == (type, id))
        return next(found, id)


def require_space(kibana: Kibana, space: str, *, create: bool) -> bool:
    """Make sure that a space is there; True when it was made. Raises `NoSuchSpace`.

    Without this check an import succeeds into a space that nobody can open.
    """
    if space == DEFAULT_SPACE:
        return False
    try:
        kibana.get(f"/api/spaces/space/{space}")
    except KibanaMissing:
        if not create:
            raise NoSuchSpace(
                f"there is no space {space!r} in Kibana at {kibana.address.place}; --create-space makes it"
            ) from None
    else:
        return False
    try:
        kibana.post("/api/spaces/space", {"id": space, "name": space})
    except KibanaForbidden as error:
        raise KibanaForbidden(f"the space {space!r} cannot be made; an administrator can. {error}") from None
    except KibanaRefused as error:
        if error.status != 409:  # 409: somebody else has just made it
            raise
    return True


def import_objects(kibana: Kibana, text: str, space: str) -> ImportReport:
    """Import an NDJSON file with overwrite; raises as `Kibana` for a refusal of the whole file.

    Kibana gives an object a new id when another space has the old one. It then keeps the old one as an alias, which
    links in texts need (`compatibilityMode`); where no id changes, that changes nothing.
    """
    path, sent = in_space(space, "/api/saved_objects/_import?overwrite=true"), len(lines_of(text))
    try:
        return report_of(kibana.post_file(f"{path}&compatibilityMode=true", FILE_NAME, text), sent)
    except KibanaForbidden as error:
        if _ALIAS not in str(error):
            raise
    report = report_of(kibana.post_file(path, FILE_NAME, text), sent)
    warning = (
        "the credentials do not allow aliases for ids: where another space has these objects, too, the link 'all "
        "copies' of a story does not find its search in this one"
    )
    return ImportReport(report.sent, report.imported, report.failures, (*report.warnings, warning))


def report_of(answer: dict[str, Any], sent: int) -> ImportReport:
    """Read the answer to an import of so many objects; raises `KibanaUnavailable` for one that is none."""
    if not isinstance(answer.get("success"), bool):
        raise KibanaUnavailable("the answer to the import does not say whether it succeeded: is that Kibana?")
    failures = tuple(_failure(each) for each in _objects(answer, "errors"))
    warnings = tuple(one_line(str(each.get("message", ""))) for each in _objects(answer, "warnings"))
    imported = tuple(_imported(each) for each in _objects(answer, "successResults"))
    if any(each.kind in _NOTHING_WRITTEN for each in failures):
        imported = ()
    if not failures and (not answer["success"] or len(imported) != sent):
        warnings += (f"Kibana took {len(imported)} of {sent} objects and names no reason",)
    return ImportReport(sent, imported, failures, warnings)


def set_default_view(kibana: Kibana, report: ImportReport, prefix: str, space: str) -> str:
    """Make the view with each story once the one that Discover opens with; returns its id."""
    view = report.stored_id("index-pattern", views_of(Naming(prefix)).stories.id)
    kibana.post(in_space(space, "/api/data_views/default"), {"data_view_id": view, "force": True})
    return view


def dashboards_of(kibana: Kibana, report: ImportReport, space: str) -> dict[str, str]:
    """Title and address of every dashboard that was imported."""
    return {
        each.title: kibana.address.page(space, f"/app/dashboards#/view/{each.stored_id}")
        for each in report.imported
        if each.type == "dashboard"
    }


def _objects(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _imported(given: dict[str, Any]) -> Imported:
    kind, id, title = _named(given)
    stored = one_line(str(given.get("destinationId") or given.get("id", "")))
    return Imported(kind, id, title, stored, bool(given.get("overwrite")))


def _named(given: dict[str, Any]) -> tuple[str, str, str]:
    meta = given.get("meta")
    title = (meta.get("title") if isinstance(meta, dict) else None) or given.get("title") or "without a title"
    return one_line(str(given.get("type", "?"))), one_line(str(given.get("id", "?"))), one_line(str(title))


def _failure(given: dict[str, Any]) -> Failure:
    found = given.get("error")
    error = found if isinstance(found, dict) else {}
    kind = one_line(str(error.get("type", "unknown")))
    reason, advice = _explained(kind, error)
    return Failure(*_named(given), kind, reason, advice)


def _explained(kind: str, error: dict[str, Any]) -> tuple[str, str]:
    """Why an object was not imported and what to do about it."""
    if kind == "conflict":
        return "it was changed at this very moment", "run the import again"
    if kind == "ambiguous_conflict":
        several = ", ".join(one_line(str(each.get("id"))) for each in _objects(error, "destinations"))
        return (
            f"several objects of this space come from it ({several})",
            "delete all but one of them in Stack Management > Saved Objects, then run the import again",
        )
    if kind == "missing_references":
        missing = (f"{each.get('type')} {each.get('id')}" for each in _objects(error, "references"))
        return (
            f"it needs {one_line(', '.join(missing))}, which is neither in the file nor in the space",
            "import a whole file, as 'svodka kibana export' writes it",
        )
    if kind == "unsupported_type":
        return (
            "this Kibana does not know such objects",
            "is it older than 8.19, or is the application switched off in kibana.yml?",
        )
    status, message = error.get("statusCode"), one_line(str(error.get("message") or "no reason given"))
    return f"{message}{f' ({status})' if status else ''}", _advice(message, status)


def _advice(message: str, status: object) -> str:
    if "more recent version" in message:
        return "this Kibana is older than the format of the file: update it, or take the Svodka that fits"
    if status == 403:
        return "the role needs the Kibana privilege 'Saved Objects Management: All' in this space"
    return "Kibana's log says more"
