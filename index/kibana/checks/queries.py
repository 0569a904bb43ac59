"""Queries: they can be read, name mapped fields only, and compare each with a value of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from index.kibana.fields import Fields, MappedField
from index.kibana.kql import Is, KqlError, Nested, leaves, parse_kql

_MOMENT = re.compile(
    r"(now|\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?(\|\||$))"
    r"([+-]\d+[yMwdhHms])*(/[yMwdhHms])?"
)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "H": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000, "y": 31_536_000}


def query_faults(text: str, fields: Fields) -> Iterator[str]:
    """What is wrong with a query on a view that has these fields."""
    try:
        conditions = list(leaves(parse_kql(text)))
    except KqlError as error:
        yield f"query {text!r}: {error}"
        return
    for each in conditions:
        if isinstance(each, Nested):
            yield f"query {text!r}: {each.path} is no nested field"
        elif each.field is not None:
            value = each.value.text if isinstance(each, Is) else each.bound
            wild = isinstance(each, Is) and len(each.value.pieces) > 1
            yield from (
                f"query {text!r}: {fault}" for fault in _condition_faults(each.field, value, wild, fields)
            )


def is_moment(text: str) -> bool:
    """Whether Elasticsearch reads a text as a date or as date math."""
    return _MOMENT.fullmatch(text) is not None


def is_backwards(start: str, end: str) -> bool:
    """Whether a span of time ends before it starts, as far as date math from `now` and ISO times tell."""
    bounds = _from_now(start), _from_now(end)
    if None not in bounds:
        return bounds[0] > bounds[1]  # type: ignore[operator]  # neither is None
    try:
        return datetime.fromisoformat(start) > datetime.fromisoformat(end)
    except (ValueError, TypeError):  # one of each kind, or one has no offset
        return False


def _from_now(text: str) -> int | None:
    """Seconds from now, rounding left out: it moves both ends to where they may be equal, never past each other."""
    math = text.partition("/")[0]
    if not re.fullmatch(r"now([+-]\d+[yMwdhHms])*", math):
        return None
    return sum(int(count) * _SECONDS[unit] for count, unit in re.findall(r"([+-]\d+)([yMwdhHms])", math))


def _condition_faults(name: str, value: str, wild: bool, fields: Fields) -> Iterator[str]:
    field = fields.get(name)
    if field is None:
        yield f"no such field: {name}"
    elif not field.searchable:
        yield f"{name} is kept and cannot be searched"
    elif not wild and not _fits(field, value):
        yield f"{name} is a {field.family}, {value!r} is none"


def _fits(field: MappedField, value: str) -> bool:
    if field.family == "number":
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    if field.family == "date":
        return is_moment(value)
    return field.family == "string" or value in {"true", "false"}
