"""KQL as the query that Kibana sends to Elasticsearch (its package kbn-es-query, as of 8.19 and 9.x).

All of it goes into a filter: nothing is scored.
"""

from __future__ import annotations

import re
from typing import Any

from index.kibana.fields import Fields, MappedField, UnknownField
from index.kibana.kql import And, Is, Nested, Node, Not, Or, Range, Value

Clause = dict[str, Any]

_BOUNDS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_QUERY_STRING = re.compile(r'([+\-=&|><!(){}\[\]^"~*?:\\/])')  # what query_string gives a meaning
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def compile_kql(node: Node | None, fields: Fields, zone: str) -> Clause:
    """The clause of a parsed query; `zone` is the reader's time zone. Raises `UnknownField`."""
    if node is None:
        return {"match_all": {}}
    if isinstance(node, And):
        return {"bool": {"filter": [compile_kql(part, fields, zone) for part in node.parts]}}
    if isinstance(node, Or):
        return _any_of([compile_kql(part, fields, zone) for part in node.parts])
    if isinstance(node, Not):
        return {"bool": {"must_not": compile_kql(node.part, fields, zone)}}
    if isinstance(node, Nested):
        query = compile_kql(node.part, fields, zone)
        return {"nested": {"path": node.path, "query": query, "score_mode": "none"}}
    if isinstance(node, Range):
        return _any_of([_range(known(node.field, fields), _BOUNDS[node.operator], node.bound, zone)])
    if node.field is None:
        return _anywhere(node.value)
    return _any_of([_in_field(known(node.field, fields), node, zone)])


def known(name: str, fields: Fields) -> MappedField:
    """The field of that name. Raises `UnknownField`."""
    if name not in fields:
        raise UnknownField(f"no such field: {name}")
    return fields[name]


def _any_of(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def _anywhere(value: Value) -> Clause:
    """A value without a field: the index's `query.default_field` says where it is looked for."""
    if value.is_anything:
        return {"match_all": {}}
    if len(value.pieces) > 1:
        return {"query_string": {"query": _as_query_string(value)}}
    kind = "phrase" if value.quoted else "best_fields"
    return {"multi_match": {"type": kind, "query": value.text, "lenient": True}}


def _in_field(field: MappedField, node: Is, zone: str) -> Clause:
    value = node.value
    if value.is_anything:
        return {"exists": {"field": field.name}}
    if len(value.pieces) > 1:
        return _wildcard(field, value)
    if field.type == "keyword":
        return {"term": {field.name: {"value": value.text}}}
    if field.family == "date":
        bounds = {"gte": value.text, "lte": value.text, "time_zone": zone}
        return {"range": {field.name: bounds}}
    kind = "match_phrase" if value.quoted else "match"
    literal = value.text if value.quoted else _LITERALS.get(value.text, value.text)
    return {kind: {field.name: literal}}


def _wildcard(field: MappedField, value: Value) -> Clause:
    if field.type != "keyword":
        return {"query_string": {"fields": [field.name], "query": _as_query_string(value)}}
    pattern = "*".join(re.sub(r"([*?\\])", r"\\\1", piece) for piece in value.pieces)
    return {"wildcard": {field.name: {"value": pattern}}}


def _as_query_string(value: Value) -> str:
    return "*".join(_QUERY_STRING.sub(r"\\\1", piece) for piece in value.pieces)


def _range(field: MappedField, bound: str, value: str, zone: str) -> Clause:
    when = {"time_zone": zone} if field.family == "date" else {}
    return {"range": {field.name: {bound: value, **when}}}
