"""The OpenAPI 3.1 description of the JSON API."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any, get_args

from index.article import Article, Origin, Precision, Role
from index.search.parse import MAX_CHARACTERS
from index.search.query import Sort
from index.web.asked import MOST_ON_A_PAGE, PAGE

Schema = dict[str, Any]

_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_TEXT: Schema = {"type": "string"}
_TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_TIME: Schema = {"type": "string", "format": "date-time"}
_TIME_OR_NONE: Schema = {"type": ["string", "null"], "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_NOT_GIVEN = ("fingerprint", "link_ids")


@cache
def openapi() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Svodka",
            "version": version("svodka"),
            "description": "Search of crawled news. Reading only.",
        },
        "paths": {
            "/api/search": _get(
                "Search; the answer of `svodka search --json`.", "Results", _search_parameters()
            ),
            "/search.json": _get("The same as /api/search.", "Results", _search_parameters()),
            "/api/articles/{id}": _get("An article with its text.", "Article", [_id_parameter()]),
            "/api/stories/{id}": _get(
                "The articles of a story, its own first, then by time; by the id of any of them.",
                "Story",
                [_id_parameter()],
            ),
            "/api/stats": _get("Counts of the index.", "Stats", []),
        },
        "components": {"schemas": _schemas()},
    }


def _get(summary: str, schema: str, parameters: list[Schema]) -> Schema:
    told = {"4XX": "What is wrong with the request.", "5XX": "The index does not answer, or is busy."}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": _json("The answer.", schema),
                **{status: _json(text, "Error") for status, text in told.items()},
            },
        }
    }


def _json(description: str, schema: str) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _search_parameters() -> list[Schema]:
    return [
        _parameter("q", "A query, as docs/search.md has it; '' lists the newest.", _TEXT | {"maxLength": MAX_CHARACTERS}),
        _parameter("copies", "1: every article; else one a story.", {"type": "string", "enum": ["0", "1"]}),
        _parameter("sort", "Without: by score when there are words, else by date.", {"type": "string", "enum": [*get_args(Sort)]}),
        _parameter("page", "Which page; hits up to the 10,000th.", {"type": "integer", "minimum": 1, "default": 1}),
        _parameter("limit", "Hits on a page.", {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": PAGE}),
        _parameter("zone", "Time zone of dates in the query that name none: Europe/Moscow.", _TEXT),
    ]  # fmt: skip


def _parameter(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _id_parameter() -> Schema:
    return {"name": "id", "in": "path", "required": True, "description": "An article's id.", "schema": _ID}


def _schemas() -> dict[str, Schema]:
    article = Article.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    others = article.pop("$defs")
    for name in _NOT_GIVEN:
        del article["properties"][name]
    article["required"] = list(article["properties"])
    return {
        "Results": _object(query=_TEXT, total=_COUNT, hits=_list("Hit"), facets=_ref("Facets")),
        "Hit": _hit(),
        "Facets": _object(**{name: _list("Bucket") for name in ("site", "source", "section", "language", "role", "day")}),
        "Bucket": _object(value=_TEXT, count={"type": "integer", "minimum": 1}),
        "Article": article,
        "Story": _object(story_id=_ID, articles=_list("Article")),
        "Stats": {"type": "object", "additionalProperties": _COUNT},
        "Error": _object(error=_object(status={"type": "integer"}, message=_TEXT)),
        **others,
    }  # fmt: skip


def _hit() -> Schema:
    return _object(
        id=_ID,
        url=_TEXT,
        site=_TEXT,
        title=_TEXT,
        lead=_TEXT_OR_NONE,
        language=_TEXT,
        section=_TEXT_OR_NONE,
        authors=_TEXTS,
        published_at=_TIME,
        published_precision={"type": "string", "enum": [*get_args(Precision)]},
        published_origin={"type": "string", "enum": [*get_args(Origin)]},
        source=_object(name=_TEXT, domain=_TEXT),
        story_id=_ID,
        role={"type": "string", "enum": [*get_args(Role)]},
        copies=_COUNT,
        outlets=_TEXTS,
        first_copy_at=_TIME_OR_NONE,
        last_copy_at=_TIME_OR_NONE,
        revision={"type": "integer", "minimum": 1},
        score={"type": "number"},
        highlights=_TEXTS | {"description": "HTML: escaped, matched words in <mark>"},
    )


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}
