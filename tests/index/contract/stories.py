"""Stories for tests."""

from __future__ import annotations

from index.article import Article
from index.backend import Backend, Edge


def fold_into_one_story(backend: Backend, *articles: Article) -> None:
    """Judge the articles copies of the first."""
    first, *rest = sorted(articles, key=lambda article: article.id)
    edges = [Edge(first.id, each.id, True, "test", first.judged_hash, each.judged_hash) for each in rest]
    backend.link([(each.id, each.judged_hash) for each in articles], edges)
