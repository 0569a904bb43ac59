"""An article as the pages of stories and articles name it: its links, its time, its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.stories.marks import foreign_marks
from index.web.times import Time, time_shown

if TYPE_CHECKING:
    from index.article import Article, Evidence
    from index.web.messages import Messages
    from index.web.visit import Visit

QUOTED = 160  # characters of a sign that are shown


@dataclass(frozen=True, slots=True)
class Named:
    """An article with what is said of it wherever it is named."""

    id: str
    title: str
    lang: str  # '' when it could not be told
    site: str
    url: str
    time: Time
    link: str  # its page here
    mark: str  # which other house its strongest mark names, and how; '' where none does


def named(article: Article, visit: Visit) -> Named:
    """An article for a reader."""
    marks = foreign_marks(article)
    return Named(
        id=article.id,
        title=article.title,
        lang="" if article.language == "und" else article.language,
        site=article.site,
        url=article.url,
        time=time_shown(article.published_at, article.published_precision, visit.zone, visit.t),
        link=visit.asked.elsewhere(f"/article/{article.id}"),
        mark=mark_shown(marks[0], visit.t) if marks else "",
    )


def mark_shown(sign: Evidence, t: Messages) -> str:
    """'names ТАСС (tass.ru) in the dateline «МОСКВА, 18 янв. /ТАСС/.»'."""
    how = t(f"article.sign_{sign.kind}")
    return t("article.mark", house=house(sign.name, sign.domain), how=how, text=quoted(sign.text, t))


def house(name: str, domain: str) -> str:
    """'ТАСС (tass.ru)', or the one where that is all."""
    return name if domain in {"", name} else f"{name} ({domain})"


def quoted(text: str, t: Messages) -> str:
    """Words of a page in quotation marks, long ones cut; '' for none."""
    cut = text if len(text) <= QUOTED else text[:QUOTED].rstrip() + "…"
    return t("article.quoted", text=cut) if cut else ""
