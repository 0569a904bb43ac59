"""The saved searches of Discover."""

from __future__ import annotations

from dataclasses import dataclass

from index.kibana.envelope import (
    SEARCH_SOURCE_INDEX,
    Naming,
    SavedObject,
    kql,
    packed,
    reference,
    saved_object,
)
from index.kibana.views import View, views_of

# Whoever is known to the list of houses as an agency is found by these forms alone; a labelled line
# ("Источник: ...") or a link may name any house.
AGENCY_EVIDENCE = ("dateline", "sign_off", "credit", "mark_name")


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search. `days` is how far back it looks when it is opened."""

    name: str
    title: str
    description: str
    view: View
    columns: tuple[str, ...]
    sort: tuple[tuple[str, str], ...]
    query: str = ""
    days: int = 30
    breakdown: str = ""


def searches_of(naming: Naming) -> list[Search]:
    """Every saved search, in the order of the documentation."""
    views = views_of(naming)
    return [
        *_news(views.stories, views.articles),
        *_stories(views.stories, views.articles),
        _runs(views.runs),
    ]


def _news(stories: View, articles: View) -> list[Search]:
    newest = (("published_at", "desc"),)
    return [
        Search(
            "search-latest", "News: latest", "The newest stories, each once.",
            stories, ("source.name", "title", "lead", "copies", "story_id", "url"), newest, days=7,
        ),
        Search(
            "search-by-source", "News: by source", "Stories by whose text they are, newest first in each source.",
            stories, ("source.name", "title", "site", "copies", "url"), (("source.name", "asc"), *newest),
            days=7, breakdown="source.name",
        ),
        Search(
            "search-wires", "News: from wires only",
            "Stories with an agency's dateline, sign-off, credit or closing name.",
            stories, ("source.name", "title", "source.evidence.kind", "copies", "story_id", "url"), newest,
            query=f"source.evidence.kind: ({' or '.join(AGENCY_EVIDENCE)})", breakdown="source.name",
        ),
        Search(
            "search-revised", "News: revised", "Articles whose text was changed after they were first stored.",
            articles, ("site", "title", "revision", "first_seen_at", "modified_at", "url"),
            (("fetched_at", "desc"),), query="revision > 1",
        ),
        Search(
            "search-undated", "News: without a date",
            "Articles whose page gives no time: they stand at the time they were first seen.",
            articles, ("site", "title", "first_seen_at", "url"), (("first_seen_at", "desc"),),
            query="published_origin: first_seen", breakdown="site",
        ),
    ]  # fmt: skip


def _stories(stories: View, articles: View) -> list[Search]:
    return [
        Search(
            "search-republished", "News: most republished", "Stories that others reprinted, most copies first.",
            stories, ("copies", "title", "source.name", "outlets", "story_id"),
            (("copies", "desc"), ("published_at", "desc")), query="copies > 0",
        ),
        Search(
            "search-copies", "News: copies of a story",
            'Every article of the stories that have copies, story by story. For one story ask story_id: "its id", '
            "or follow the link of the field Story.",
            articles, ("role", "site", "title", "source.name", "url", "story_id"),
            (("story_id", "asc"), ("published_at", "asc")), query="role: copy or copies > 0",
        ),
    ]  # fmt: skip


def _runs(runs: View) -> Search:
    columns = ("site", "finish", "exit", "problems", "sources_failed", "outcomes.failed", "host")
    return Search(
        "search-problems", "Crawls: with problems", "Runs that somebody has to look at, newest first.",
        runs, columns, (("started_at", "desc"),), query="ok: false", days=7, breakdown="site",
    )  # fmt: skip


def saved_searches(naming: Naming) -> list[SavedObject]:
    """The searches as saved objects."""
    return [_saved(search, naming) for search in searches_of(naming)]


def _saved(search: Search, naming: Naming) -> SavedObject:
    source = {"query": kql(search.query), "filter": [], "indexRefName": SEARCH_SOURCE_INDEX}
    attributes = {
        "title": naming.title(search.title),
        "description": search.description,
        "columns": list(search.columns),
        "sort": [list(pair) for pair in search.sort],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": True,  # Discover's own default is fifteen minutes: a newcomer would see nothing
        "timeRange": {"from": f"now-{search.days}d", "to": "now"},
        "refreshInterval": {"pause": True, "value": 60000},
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed(source)},
    } | ({"breakdownField": search.breakdown} if search.breakdown else {})
    view = reference(SEARCH_SOURCE_INDEX, "index-pattern", search.view.id)
    return saved_object("search", naming.id(search.name), attributes, [view])
