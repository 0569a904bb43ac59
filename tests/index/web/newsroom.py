"""A small index for the search page: a story with copies, sections, languages, days without a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from index.backend import Backend
from tests.index.contract.stories import fold_into_one_story
from tests.make import make_article, make_source

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WIRE = make_article(
    site="wire.example",
    url="https://wire.example/1",
    title="Мост через Тишину закроют на ремонт",
    body="ЗАРЕЧЬЕ, 20 ноя — Лента. Городской мост закроют на ремонт с 1 декабря.\n\nПаромы пойдут каждый час.",
    section="Транспорт",
    authors=["Вера Лугова"],
    source=make_source("wire.example", "Лента"),
    published_at=NOW - timedelta(hours=5),
)
COPIES = [
    make_article(
        site=site,
        url=f"https://{site}/most",
        title=f"Мост закроют, пишет {site}",
        body=WIRE.body,
        section="транспорт",
        source=make_source("wire.example", "Лента", foreign=True),
        published_at=NOW - timedelta(hours=4 - hour),
    )
    for hour, site in enumerate(("a.example", "b.example", "c.example"))
]
DAY_ONLY = make_article(
    site="a.example",
    url="https://a.example/museum",
    title="Музей реки открыт",
    body="Музей открылся у моста.",
    section="Культура",
    published_at=datetime(2026, 11, 18, 12, tzinfo=UTC),
    published_precision="day",
)
ENGLISH = make_article(
    site="courier.example",
    url="https://courier.example/bridge",
    title="Bridge & ferry timetable <changed>",
    body="The bridge is closed.",
    language="en",
    source=make_source("courier.example", "The Courier"),
    published_at=NOW - timedelta(days=9),
)
UNDATED = make_article(
    site="b.example",
    url="https://b.example/undated",
    title="Старый мост на фотографиях",
    body="Снимки моста.",
    section=None,
    published_precision="unknown",
    published_origin="first_seen",
    published_at=NOW - timedelta(days=1),
)
ARTICLES = [WIRE, *COPIES, DAY_ONLY, ENGLISH, UNDATED]


def fill(backend: Backend) -> None:
    """Store all, with the wire's story linked."""
    backend.put(ARTICLES)
    fold_into_one_story(backend, WIRE, *COPIES)
