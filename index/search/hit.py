"""A found article as a hit, the same whichever engine found it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.search.highlight import highlights
from index.search.results import Hit

if TYPE_CHECKING:
    from index.article import Article
    from index.search.highlight import Term


def hit(article: Article, score: float, wanted: Sequence[Term]) -> Hit:
    """What a list of results shows of an article; `wanted` (`highlight.terms`) is marked in its passages."""
    return Hit(
        id=article.id,
        url=article.url,
        site=article.site,
        title=article.title,
        lead=article.lead,
        language=article.language,
        section=article.section,
        authors=article.authors,
        published_at=article.published_at,
        published_precision=article.published_precision,
        published_origin=article.published_origin,
        source_name=article.source.name,
        source_domain=article.source.domain,
        story_id=article.story_id or article.id,
        role=article.role,
        copies=article.copies,
        outlets=article.outlets,
        first_copy_at=article.first_copy_at,
        last_copy_at=article.last_copy_at,
        revision=article.revision,
        score=score,
        highlights=highlights(article, wanted),
    )
