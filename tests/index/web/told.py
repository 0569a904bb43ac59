"""A story as linking makes it: an original, edited copies, a chain, copies without a time; and an edited article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from index.article import Article, Evidence, Source
from index.backend import Backend
from index.stories.fingerprint import fingerprint_of
from index.stories.linker import link_pending
from tests.make import make_article, make_source

TIME = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
_LETTERS = "абвгдежзик"


def text(first: int, last: int, **changed: str) -> str:
    """Numbered words in paragraphs of twenty; `w7="слово"` puts another in the place of the seventh."""
    words = [
        changed.get(f"w{n}", "".join(_LETTERS[int(digit)] for digit in f"{n:03d}"))
        for n in range(first, last)
    ]
    return "\n\n".join(" ".join(words[at : at + 20]) + "." for at in range(0, len(words), 20))


def told(site: str, body: str, **changes: Any) -> Article:
    """An article with its fingerprint."""
    fields: dict[str, Any] = {
        "site": site,
        "url": f"https://{site}/1",
        "title": f"Новость, {site}",
        "published_at": TIME,
        "published_precision": "minute",
        "first_seen_at": TIME + timedelta(hours=1),
        "fetched_at": TIME + timedelta(hours=1),
    } | changes
    article = make_article(body=body, **fields)
    return article.model_copy(update={"fingerprint": fingerprint_of(article)})


def marked(domain: str, name: str, line: str) -> Source:
    """A source that the last line names."""
    sign = Evidence(kind="mark_label", name=name, domain=domain, text=line, confidence=0.8)
    return Source(name=name, domain=domain, confidence=0.8, evidence=[sign])


MARK = "Источник: Лента"
ORIGINAL = told(
    "wire.example", text(0, 100), title="Главная новость", source=make_source("wire.example", "Лента")
)
EDITED = told(
    "a.example",
    text(0, 80, w30="иначе") + f"\n\n{MARK}",
    published_at=TIME + timedelta(minutes=72),
    source=marked("wire.example", "Лента", MARK),
)
LONGER = told("b.example", text(0, 150), published_at=TIME + timedelta(hours=50))
CHAINED = told("c.example", text(40, 150), published_at=TIME + timedelta(hours=51))
DAY = told(
    "d.example",
    text(0, 100),
    published_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    published_precision="day",
    published_origin="meta",
)
UNDATED = told(
    "e.example",
    text(0, 90),
    published_at=TIME + timedelta(hours=3),
    first_seen_at=TIME + timedelta(hours=3),
    published_precision="unknown",
    published_origin="first_seen",
)
COPIES = [EDITED, UNDATED, DAY, LONGER, CHAINED]  # by time as it is stored

FIRST = told("f.example", text(300, 340), title="Прежний заголовок", url="https://f.example/edited")
SECOND = told(
    "f.example",
    text(300, 360, w310="теперь"),
    title="Новый заголовок",
    url="https://f.example/edited",
    lead="Вводный абзац.",
    authors=["Вера Лугова", "Пётр Нилов"],
    section="Транспорт",
    tags=["мост", "паром"],
    original_url="https://wire.example/original",
    published_offset=180,
    published_precision="second",
    modified_at=TIME + timedelta(hours=2),
    fetched_at=TIME + timedelta(hours=4),
    link_ids=sorted([FIRST.id, "f" * 32]),
    source=Source(
        name="f.example",
        domain="f.example",
        confidence=1.0,
        evidence=[
            Evidence(kind="own_site", name="f.example", domain="f.example", text="f.example", confidence=1.0),
            Evidence(kind="inline", name="ТАСС", domain="tass.ru", text="сообщает ТАСС", confidence=0.2),
        ],
    ),
)


def fill(backend: Backend) -> None:
    """Store and link all, one text after the other."""
    backend.put([ORIGINAL, *COPIES, FIRST])
    backend.put([SECOND])
    link_pending(backend)
