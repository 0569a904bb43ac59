"""Stories for tests."""

from __future__ import annotations

from index.article import Article
from index.backend import Backend, Edge
from index.stories.rank import Label


def label_of(stored: Article) -> Label:
    """The story fields that a stored article has."""
    return Label(
        stored.id,
        stored.story_id or "",
        stored.role,
        stored.copies,
        tuple(stored.outlets),
        stored.first_copy_at,
        stored.last_copy_at,
    )


def fold_into_one_story(backend: Backend, *articles: Article) -> None:
    """Judge the articles copies of the first."""
    first, *rest = sorted(articles, key=lambda article: article.id)
    edges = [Edge(first.id, each.id, True, "test", first.judged_hash, each.judged_hash) for each in rest]
    backend.link([(each.id, each.judged_hash) for each in articles], edges)
