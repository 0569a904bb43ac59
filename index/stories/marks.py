"""Which other houses an article's marks name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.stories.parameters import MARK_CONFIDENCE

if TYPE_CHECKING:
    from index.article import Article, Evidence


def foreign_marks(article: Article) -> list[Evidence]:
    """Signs strong enough to say that the text came from another house, strongest first."""
    return [
        sign
        for sign in article.source.evidence
        if sign.kind != "own_site" and sign.confidence >= MARK_CONFIDENCE and sign.domain != article.domain
    ]


def marked_domains(article: Article) -> tuple[str, ...]:
    """Domains those signs name, each once, in order of strength; signs with a mere name are left out."""
    return tuple(dict.fromkeys(sign.domain for sign in foreign_marks(article) if sign.domain))


def marked_sources(article: Article) -> frozenset[str]:
    """What the signs name, comparable between articles: the domain, or the name where that is all."""
    return frozenset(sign.domain or sign.name.casefold() for sign in foreign_marks(article))
