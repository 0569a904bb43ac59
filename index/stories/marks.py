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
    """Domains those signs name, each once, in order of strength; signs with a mere name are left out.

    The own domain is among them where the article stands under its own dateline.
    """
    own = [article.domain] if has_own_dateline(article) else []
    return tuple(dict.fromkeys([*own, *(sign.domain for sign in foreign_marks(article) if sign.domain)]))


def has_own_dateline(article: Article) -> bool:
    """Whether the text opens with the dateline of the article's own house."""
    return any(
        sign.kind == "dateline" and sign.domain == article.domain and sign.confidence >= MARK_CONFIDENCE
        for sign in article.source.evidence
    )


def marked_sources(article: Article) -> frozenset[str]:
    """What the signs name, comparable between articles: the domain, or the name where that is all."""
    return frozenset(sign.domain or sign.name.casefold() for sign in foreign_marks(article))
