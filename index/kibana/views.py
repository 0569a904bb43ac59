"""The data views: what of the index an analyst sees, with readable labels and links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index.elastic.schema import Names
from index.kibana.envelope import DEFAULT_PREFIX, Naming, SavedObject, packed, saved_object
from index.kibana.fields import Content, UnknownField, mapped_fields, outcomes

ALL_TIME = "(from:'1990-01-01T00:00:00.000Z',to:now%2B1d)"  # no article is older or later

_LABELS: dict[Content, dict[str, str]] = {
    "articles": {
        "title": "Headline",
        "lead": "Lead",
        "body": "Text",
        "site": "Site",
        "section": "Section",
        "authors.keyword": "Author",
        "language": "Language",
        "url": "Page",
        "original_url": "Original's page",
        "published_at": "Published",
        "published_origin": "Date read from",
        "modified_at": "Changed by the site",
        "first_seen_at": "First seen",
        "fetched_at": "Fetched",
        "word_count": "Words",
        "revision": "Revision",
        "source.name": "Source",
        "source.domain": "Source's domain",
        "source.confidence": "Confidence of source",
        "source.evidence.kind": "Evidence of source",
        "story_id": "Story",
        "role": "Role",
        "copies": "Copies",
        "outlets": "Published by",
        "first_copy_at": "First copy",
        "last_copy_at": "Latest copy",
    },
    "runs": {
        "site": "Site",
        "started_at": "Started",
        "finished_at": "Finished",
        "seconds": "Seconds",
        "host": "Machine",
        "trigger": "Started by",
        "finish": "How it ended",
        "exit": "Exit code",
        "ok": "All well",
        "found": "Links found",
        "copies": "New copies",
        "sources_failed": "Sources that failed",
        "newest_published_at": "Newest article",
        "waiting": "Waiting in the outbox",
        "dead": "Refused by the index",
        "problems": "Problems",
        **{f"outcomes.{name}": name.replace("_", " ").capitalize() for name in outcomes()},
        **{f"fill.{name}": f"Has {name}" for name in ("title", "body", "date", "author")},
    },
}
_HIDDEN = ("fingerprint", "link_ids", "linking.*", "content_hash", "*.folded", "*.exact")  # the engine's own


@dataclass(frozen=True, slots=True)
class View:
    """One data view: `alias` is what it reads, `content` what its documents are."""

    id: str
    alias: str
    name: str
    time_field: str
    content: Content


@dataclass(frozen=True, slots=True)
class Views:
    """The three views of one index."""

    stories: View  # each story once
    articles: View  # every article, copies too
    runs: View


def runs_alias(prefix: str) -> str:
    """The alias of run documents."""
    return "svodka-runs" if prefix == DEFAULT_PREFIX else f"{prefix}-runs"


def views_of(naming: Naming) -> Views:
    """The views on the aliases of an index; a view's id is its alias."""
    names, runs = Names(naming.prefix), runs_alias(naming.prefix)
    stories, every, health = (
        naming.title(text) for text in ("News, each story once", "News, every copy", "Crawls")
    )
    return Views(
        View(names.canonical, names.canonical, stories, "published_at", "articles"),
        View(names.articles, names.articles, every, "published_at", "articles"),
        View(runs, runs, health, "started_at", "runs"),
    )


def saved_views(naming: Naming) -> list[SavedObject]:
    """The data views as saved objects."""
    views = views_of(naming)
    return [_saved(view, naming) for view in (views.stories, views.articles, views.runs)]


def story_search_id(naming: Naming) -> str:
    """The saved search that the link of a story opens."""
    return naming.id("search-copies")


def story_link(naming: Naming) -> str:
    """The URL template that opens Discover with every article of a story, oldest first, of all time.

    It begins with '../', which Kibana completes to an address in the space one is in.
    """
    query = "(language:kuery,query:'story_id:%22{{value}}%22')"
    search = story_search_id(naming)
    return f"../app/discover#/view/{search}?_g=(time:{ALL_TIME})&_a=(query:{query})"


def _saved(view: View, naming: Naming) -> SavedObject:
    return saved_object(
        "index-pattern",
        view.id,
        {
            "title": view.alias,
            "name": view.name,
            "timeFieldName": view.time_field,
            "sourceFilters": packed([{"value": name} for name in _hidden(view)]),
            "fieldFormatMap": packed(_formats(view, naming)),
            "fieldAttrs": packed(_labels(view)),
            "allowNoIndex": True,  # before the first crawl there is none
        },
    )


def _hidden(view: View) -> tuple[str, ...]:
    return _HIDDEN if view.content == "articles" else ("id",)


def _labels(view: View) -> dict[str, dict[str, str]]:
    labels, mapped = _LABELS[view.content], mapped_fields(view.content)
    if unknown := sorted(labels.keys() - mapped.keys()):
        raise UnknownField(f"data view {view.id}: no such field: {', '.join(unknown)}")
    return {name: {"customLabel": label} for name, label in labels.items()}


def _formats(view: View, naming: Naming) -> dict[str, dict[str, Any]]:
    if view.content == "runs":
        percent = {"id": "percent", "params": {"pattern": "0%"}}
        return {f"fill.{name}": percent for name in ("title", "body", "date", "author")}
    page = {"id": "url", "params": {"type": "a"}}
    story = {"type": "a", "urlTemplate": story_link(naming), "labelTemplate": "all copies"}
    return {"url": page, "original_url": page, "story_id": {"id": "url", "params": story}}
