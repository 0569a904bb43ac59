"""The OpenAPI 3.1 description of the JSON API."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import get_args

from index.article import Article, Origin, Precision, Role
from index.search.parse import MAX_CHARACTERS
from index.search.query import Sort
from index.web.asked import LAST_PAGE, MOST_ON_A_PAGE, PAGE
from index.web.health_schema import HEALTH
from index.web.json_schema import (
    COUNT,
    ID,
    TEXT,
    TEXT_OR_NONE,
    TEXTS,
    TIME,
    TIME_OR_NONE,
    Schema,
    list_of,
    object_of,
    ref,
)
from index.web.language import LANGUAGES

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
                "search", "Search; the answer of `svodka search --json`.", "Results", _search_parameters()
            ),
            "/search.json": _get("searchJson", "The same as /api/search.", "Results", _search_parameters()),
            "/api/articles/{id}": _get("article", "An article with its text.", "Article", [_id_parameter()]),
            "/api/stories/{id}": _get(
                "story",
                "The articles of a story, its own first, then by time; by the id of any of them.",
                "Story",
                [_id_parameter()],
            ),
            "/api/stats": _get("stats", "Counts of the index.", "Stats", []),
            "/health.json": _health(),
        },
        "components": {"schemas": _schemas()},
    }


def _get(name: str, summary: str, schema: str, parameters: list[Schema]) -> Schema:
    told = {"4XX": "What is wrong with the request.", "5XX": "The index does not answer, or is busy."}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": _json("The answer.", schema),
                **{status: _json(text, "Error") for status, text in told.items()},
            },
        }
    }


def _health() -> Schema:
    """Crawl health, which has an answer of its own for an index that is away."""
    told = _get("health", "Crawl health; the answer of `svodka status --json`.", "Health", [])
    away = _json(
        "The same of what is known while the index does not answer, or why there is no answer.",
        "HealthOrError",
    )
    told["get"]["responses"]["503"] = away
    return told


def _json(description: str, schema: str) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _search_parameters() -> list[Schema]:
    return [
        _parameter("q", "A query, as docs/search.md has it; '' lists the newest.", TEXT | {"maxLength": MAX_CHARACTERS}),
        _parameter("copies", "1: every article; else one a story.", {"type": "string", "enum": ["0", "1"]}),
        _parameter("sort", "Without: by score when there are words, else by date.", {"type": "string", "enum": [*get_args(Sort)]}),
        _parameter("page", "Which page; hits up to the 10,000th.", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1}),
        _parameter("limit", "Hits on a page.", {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": PAGE}),
        _parameter("zone", "Time zone of dates in the query that name none: Europe/Moscow.", TEXT),
        _parameter("lang", "Language of the pages; changes nothing of this answer.", {"type": "string", "enum": [*LANGUAGES]}),
    ]  # fmt: skip


def _parameter(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _id_parameter() -> Schema:
    return {"name": "id", "in": "path", "required": True, "description": "An article's id.", "schema": ID}


def _schemas() -> dict[str, Schema]:
    article = Article.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    others = article.pop("$defs")
    for name in _NOT_GIVEN:
        del article["properties"][name]
    article["required"] = list(article["properties"])
    return {
        "Results": object_of(query=TEXT, total=COUNT, hits=list_of("Hit"), facets=ref("Facets")),
        "Hit": _hit(),
        "Facets": object_of(**{name: list_of("Bucket") for name in ("site", "source", "section", "language", "role", "day")}),
        "Bucket": object_of(value=TEXT, count={"type": "integer", "minimum": 1}),
        "Article": article,
        "Story": object_of(story_id=ID, articles=list_of("Article")),
        "Stats": {"type": "object", "additionalProperties": COUNT},
        "Error": object_of(error=object_of(status={"type": "integer"}, message=TEXT)),
        "HealthOrError": {"anyOf": [ref("Health"), ref("Error")]},
        **HEALTH,
        **others,
    }  # fmt: skip


def _hit() -> Schema:
    return object_of(
        id=ID,
        url=TEXT,
        site=TEXT,
        title=TEXT,
        lead=TEXT_OR_NONE,
        language=TEXT,
        section=TEXT_OR_NONE,
        authors=TEXTS,
        published_at=TIME,
        published_precision={"type": "string", "enum": [*get_args(Precision)]},
        published_origin={"type": "string", "enum": [*get_args(Origin)]},
        source=object_of(name=TEXT, domain=TEXT),
        story_id=ID,
        role={"type": "string", "enum": [*get_args(Role)]},
        copies=COUNT,
        outlets=TEXTS,
        first_copy_at=TIME_OR_NONE,
        last_copy_at=TIME_OR_NONE,
        revision={"type": "integer", "minimum": 1},
        score={"type": "number"},
        highlights=TEXTS | {"description": "HTML: escaped, matched words in <mark>"},
    )
