"""The validator: whether a file of saved objects will load and work, told without a Kibana.

Kibana checks little at import: a chart on a field that is not there is stored and fails when it is opened. So
every object has to have exactly the keys it may have, and everything it names has to be there.
`python -m index.kibana.validate FILE` checks a file; exit 1 with faults.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from index.exit_codes import FAILED, OK
from index.kibana.checks.charts import chart_faults
from index.kibana.checks.dashboards import dashboard_faults
from index.kibana.checks.file import File, file_of
from index.kibana.checks.queries import query_faults
from index.kibana.checks.references import reference_faults
from index.kibana.checks.searches import search_faults
from index.kibana.checks.views import view_faults
from index.kibana.envelope import DEFAULT_PREFIX
from index.kibana.shapes import (
    SAVED,
    Saved,
    SavedDashboard,
    SavedLens,
    SavedQuery,
    SavedSearch,
    SavedView,
)


class InvalidObjects(ValueError):
    """A file of saved objects with faults; the message has one line for each."""


def faults_of(text: str, prefix: str = DEFAULT_PREFIX) -> list[str]:
    """Every fault of an NDJSON file for the index called `prefix`: 'lens news-lens-fill: column x: ...'."""
    faults: list[str] = []
    objects: dict[tuple[str, str], Saved] = {}
    for number, line in enumerate(lines_of(text), start=1):
        try:
            saved = SAVED.validate_json(line)
        except ValidationError as error:
            faults += _shape_faults(number, line, error)
            continue
        if (saved.type, saved.id) in objects:
            faults.append(f"line {number}: {saved.type} {saved.id} is there twice")
        objects[saved.type, saved.id] = saved
    file = file_of(objects, prefix)
    return faults + [
        f"{saved.type} {saved.id}: {fault}" for saved in objects.values() for fault in _faults(saved, file)
    ]


def lines_of(text: str) -> list[str]:
    """The lines of a file; only a line feed ends one, U+2028 may stand in a text."""
    return text.removesuffix("\n").split("\n")


def require_valid(text: str, prefix: str = DEFAULT_PREFIX) -> None:
    """Raise `InvalidObjects` for a file that has faults."""
    if faults := faults_of(text, prefix):
        raise InvalidObjects("\n".join(faults))


def _faults(saved: Saved, file: File) -> Iterator[str]:
    yield from reference_faults(saved, file)
    if isinstance(saved, SavedView):
        yield from view_faults(saved, file)
    elif isinstance(saved, SavedSearch):
        yield from search_faults(saved, file)
    elif isinstance(saved, SavedLens):
        yield from chart_faults(saved, file)
    elif isinstance(saved, SavedDashboard):
        yield from dashboard_faults(saved, file)
    elif isinstance(saved, SavedQuery):
        yield from query_faults(saved.attributes.query.query, file.contents["articles"])


def _shape_faults(number: int, line: str, error: ValidationError) -> list[str]:
    """One line a fault, by the object's own name where it can be read."""
    try:
        given = json.loads(line)
        name = f"{given['type']} {given['id']}"
    except (ValueError, KeyError, TypeError):
        name = f"line {number}"
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [f"{name}: {_place(fault['loc'])}{fault['msg']}" for fault in found]


def _place(path: tuple[int | str, ...]) -> str:
    """Where a fault is, without the tags of the alternatives that were tried."""
    return f"{'.'.join(str(part) for part in path[1:])}: " if len(path) > 1 else ""


def main(arguments: list[str]) -> int:
    """Check a file: exit 0 without faults, 1 with faults, 2 when there is nothing to check."""
    parser = argparse.ArgumentParser(
        prog="python -m index.kibana.validate",
        description="Checks a file of Kibana's saved objects.",
        epilog="example: python -m index.kibana.objects | python -m index.kibana.validate -",
    )
    parser.add_argument("file", help="an NDJSON file; - reads standard input")
    parser.add_argument("name", nargs="?", default=DEFAULT_PREFIX, help="name of the index (news)")
    given = parser.parse_args(arguments)
    try:
        text = sys.stdin.read() if given.file == "-" else Path(given.file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"{given.file} cannot be read: {error}")
    faults = faults_of(text, given.name)
    print("\n".join(faults) if faults else f"{len(lines_of(text))} objects, no faults")
    return FAILED if faults else OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
