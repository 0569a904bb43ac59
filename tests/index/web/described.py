"""Checks JSON against the part of JSON Schema 2020-12 that our OpenAPI description uses.

A keyword that is not known here is an error: a schema must not say what is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Schema = dict[str, Any]
_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_SILENT = {"title", "description", "default"}


def faults(value: Any, schema: Schema, whole: Schema, path: str = "$") -> Iterator[str]:
    """What is wrong with a value; `whole` is the document that `$ref` looks into."""
    for keyword, expected in schema.items():
        if keyword in _SILENT:
            continue
        if keyword not in _CHECKS:
            raise AssertionError(f"{path}: the keyword {keyword} is not checked")
        concerned, check = _CHECKS[keyword]
        if isinstance(value, concerned):  # a keyword says nothing of values of other types
            yield from check(value, expected, schema, whole, path)


def _ref(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    found = whole
    for part in expected.removeprefix("#/").split("/"):
        found = found[part]
    yield from faults(value, found, whole, path)


def _type(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    names = expected if isinstance(expected, list) else [expected]
    if not any(_TYPES[name](value) for name in names):
        yield f"{path}: {value!r} is no {' or '.join(names)}"


def _properties(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    for name in expected.keys() & value.keys():
        yield from faults(value[name], expected[name], whole, f"{path}.{name}")


def _required(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    yield from (f"{path}: {name} is missing" for name in expected if name not in value)


def _additional(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    for name in value.keys() - schema.get("properties", {}).keys():
        if expected is False:
            yield f"{path}: {name} is not described"
        else:
            yield from faults(value[name], expected, whole, f"{path}.{name}")


def _items(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    for at, each in enumerate(value):
        yield from faults(each, expected, whole, f"{path}[{at}]")


def _any_of(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    if all(list(faults(value, each, whole, path)) for each in expected):
        yield f"{path}: {value!r} is none of what is allowed"


def _enum(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    if value not in expected:
        yield f"{path}: {value!r} is not among {expected}"


def _bounds(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    if not least <= value <= most:
        yield f"{path}: {value} is out of bounds"


def _length(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{path}: has {len(value)} characters"


def _pattern(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    if not re.search(expected, value):
        yield f"{path}: {value!r} does not match {expected}"


def _format(value: Any, expected: Any, schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    assert expected == "date-time", expected
    if datetime.fromisoformat(value).tzinfo is None:
        yield f"{path}: {value!r} has no zone"


_Check = Callable[[Any, Any, Schema, Schema, str], Iterator[str]]
_CHECKS: dict[str, tuple[type | tuple[type, ...], _Check]] = {
    "$ref": (object, _ref),
    "type": (object, _type),
    "anyOf": (object, _any_of),
    "enum": (object, _enum),
    "properties": (dict, _properties),
    "required": (dict, _required),
    "additionalProperties": (dict, _additional),
    "items": (list, _items),
    "minimum": ((int, float), _bounds),
    "maximum": ((int, float), _bounds),
    "minLength": (str, _length),
    "maxLength": (str, _length),
    "pattern": (str, _pattern),
    "format": (str, _format),
}
