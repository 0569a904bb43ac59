"""`Request`: one call of Kibana, the period and filters that it is about, and the asking itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.kibana.fields import Fields
from index.kibana.kql import parse_kql
from index.kibana.kql_dsl import compile_kql

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Clause = dict[str, Any]
Answer = dict[str, Any]

_JSON = {"content-type": "application/json", "accept": "application/json"}
TIME_FORMAT = "strict_date_optional_time"


class AnswerFault(RuntimeError):
    """An answer that Kibana would show as an error, or as incomplete."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a page of Kibana is set to: its period, the reader's time zone, filters picked in controls."""

    start: datetime
    end: datetime
    zone: str = "UTC"
    picked: Mapping[str, str] = field(default_factory=dict)  # field to the value that was picked


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked: an alias, its time field, the fields behind it, and patterns of those that the view hides."""

    alias: str
    time_field: str
    fields: Fields
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One call: `about` names the saved object and the purpose."""

    about: str
    path: str
    body: dict[str, Any]
    parameters: Mapping[str, str] = field(default_factory=dict)


def filtered(query: str, source: Source, context: Context) -> Clause:
    """The query of every search: KQL, what controls picked, and the period, all as filters."""
    picked: list[Clause] = [
        {"match_phrase": {name: value}} for name, value in context.picked.items() if name in source.fields
    ]
    bounds = {"format": TIME_FORMAT, "gte": _shown(context.start), "lte": _shown(context.end)}
    kql = compile_kql(parse_kql(query), source.fields, context.zone)
    period: Clause = {"range": {source.time_field: bounds}}
    return {"bool": {"must": [], "filter": [kql, *picked, period], "should": [], "must_not": []}}


def search_request(about: str, source: Source, body: dict[str, Any]) -> Request:
    """A search as Kibana sends it."""
    parameters = {
        "ignore_unavailable": "true",
        "batched_reduce_size": "64",
        "ccs_minimize_roundtrips": "true",
        "preference": "1763640000000",  # one number a session
    }
    return Request(about, f"/{source.alias}/_search", body, parameters)


def field_list(source: Source) -> Request:
    """What Kibana asks to learn the fields of a data view; empty ones are asked for, too."""
    parameters = {
        "fields": "*",
        "ignore_unavailable": "true",
        "allow_no_indices": "false",
        "include_unmapped": "false",
        "include_empty_fields": "true",
    }
    return Request(f"data view {source.alias}: fields", f"/{source.alias}/_field_caps", {}, parameters)


def ask(es: Elasticsearch, request: Request) -> Answer:
    """Send a request. Raises `AnswerFault` for a shard that failed and for an answer cut short by time."""
    answer: Answer = es.perform_request(
        "POST", request.path, params=dict(request.parameters), body=request.body or None, headers=_JSON
    ).body
    shards = answer.get("_shards", {})
    if shards.get("failed") or shards.get("failures") or answer.get("timed_out"):
        raise AnswerFault(f"{request.about}: {shards or answer}")
    return answer


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
