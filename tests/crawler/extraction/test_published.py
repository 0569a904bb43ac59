from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction import Extracted, extract
from crawler.extraction.dates import ParsedDate
from crawler.extraction.published import Reading, settle
from crawler.site import Layout, Site

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TITLE = "Паром вернулся на линию"
PROSE = "".join(
    f"<p>Пассажир номер {n} занял место на верхней палубе и смотрел на воду до самого берега.</p>"
    for n in range(4)
)


def ld(**fields: str) -> str:
    body = ", ".join(f'"{name}": "{value}"' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {body}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def read(
    head: str = "",
    near: str = "",
    *,
    url: str = "https://paper.example/news/1.html",
    site: Site | None = None,
) -> Extracted:
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1>{near}<div>{PROSE}</div></body></html>"
    return extract(page.encode(), url, site, now=NOW)


def moscow(**more: object) -> Site:
    fields = {
        "name": "paper.example",
        "title": "Газета",
        "domains": ["paper.example"],
        "time_zone": "Europe/Moscow",
        "feeds": ["https://paper.example/rss"],
    }
    return Site.model_validate(fields | more)


@pytest.mark.parametrize(
    ("head", "near", "published", "origin", "precision", "zoned"),
    [
        (ld(datePublished="2026-05-31T00:44:00+03:00 "), "", "2026-05-31T00:44:00+03:00", "json_ld", "second", True),
        (
            ld(datePublished="2026-05-31T00:44:00Z") + meta("article:published_time", "2026-05-30T10:00:00Z"),
            "", "2026-05-31T00:44:00+00:00", "json_ld", "second", True,
        ),
        # a value without a zone gives way to one that has it
        (
            ld(datePublished="2026-05-31T00:44") + meta("article:published_time", "2026-05-31T00:44+03:00"),
            "", "2026-05-31T00:44:00+03:00", "meta", "minute", True,
        ),
        # the compact form of ria.ru, which names no zone
        (meta("article:published_time", "20260531T0044"), "", "2026-05-31T00:44:00+03:00", "meta", "minute", False),
        # UTC labelled with the local offset; the visible clock tells
        (
            meta("article:published_time", "2020-10-19T06:34:00+0300"),
            '<time itemprop="datePublished" datetime="2020-10-19T09:34:00+03:00">19.10.2020 09:34</time>',
            "2020-10-19T09:34:00+03:00", "meta", "second", True,
        ),
        (
            meta("article:published_time", "2020-10-19T06:34:00+0300"), "<div>19.10.2020 09:34</div>",
            "2020-10-19T09:34:00+03:00", "meta", "second", True,
        ),
        # a day is refined by the clock of another place
        (ld(datePublished="2026-03-01"), "<span>1 марта 2026, 18:05</span>", "2026-03-01T18:05:00+03:00", "text", "minute", False),
        ("", "<div>1 марта 2026, 18:05</div>", "2026-03-01T18:05:00+03:00", "text", "minute", False),
        ("", '<time datetime="2026-03-01T18:05:00+05:00">вчера</time>', "2026-03-01T18:05:00+05:00", "text", "second", True),
        ("", "<div>2 часа назад</div>", None, "first_seen", "unknown", False),
        # a clock alone may be the present time
        ("", "<div>Сейчас 17:29</div>", None, "first_seen", "unknown", False),
        # dates that no news can have
        (ld(datePublished="0000-01-01T00:00:00Z"), "", None, "first_seen", "unknown", False),
        (ld(datePublished="3000-01-01T00:00:00Z"), "", None, "first_seen", "unknown", False),
        (ld(datePublished="1969-12-31T23:59:59Z") + meta("date", "2026-01-02"), "", "2026-01-02T00:00:00+03:00", "meta", "day", False),
        # the date of a change and of another article are none of this one's
        ("", '<time class="updated" datetime="2026-03-01T18:05:00Z">1 марта</time>', None, "first_seen", "unknown", False),
        ("", '<aside><time datetime="2026-03-01T18:05:00Z">1 марта</time></aside>', None, "first_seen", "unknown", False),
    ],
)  # fmt: skip
def test_choice(
    head: str, near: str, published: str | None, origin: str, precision: str, zoned: bool
) -> None:
    found = read(head, near, site=moscow())
    assert (found.published.isoformat() if found.published else None) == published
    assert (found.origin, found.precision, found.published_zoned) == (origin, precision, zoned)


def test_address_is_read_when_the_page_is_silent() -> None:
    found = read(url="https://paper.example/2026/02/03/parom.html", site=moscow())
    assert found.published == datetime(2026, 2, 3, tzinfo=ZoneInfo("Europe/Moscow"))
    assert (found.origin, found.precision) == ("url", "day")


def test_the_only_date_on_the_page_is_taken_and_one_of_several_is_not() -> None:
    foot = '<div class="foot"><div>{}</div></div>'
    filler = "<p>Ещё один абзац о пароме, который стоит далеко внизу страницы.</p>" * 12
    assert read(near=filler + foot.format("Номер от 4 февраля 2026 года")).published == datetime(
        2026, 2, 4, tzinfo=UTC
    )
    several = foot.format("Номер от 4 февраля 2026 года") + foot.format("Номер от 5 февраля 2026 года")
    assert read(near=filler + several).published is None


def test_layout_selector_comes_first() -> None:
    site = moscow(layouts=[Layout(published=".stamp")])
    found = read(
        ld(datePublished="2026-01-01T10:00:00Z"), '<p class="stamp">5 января 2026, 12:30</p>', site=site
    )
    assert found.published == datetime(2026, 1, 5, 12, 30, tzinfo=ZoneInfo("Europe/Moscow"))


def test_modified() -> None:
    found = read(ld(datePublished="2026-01-01T10:00:00Z", dateModified="2026-01-02T10:00:00Z"))
    assert found.modified == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert read().modified is None


def reading(text: str, *, zoned: bool = True, precision: str = "minute") -> Reading:
    return Reading(ParsedDate(datetime.fromisoformat(text), precision, zoned), "meta")  # type: ignore[arg-type] # a literal


def test_clocks_that_differ_by_another_amount_leave_the_label_alone() -> None:
    first = reading("2020-10-19T06:34:00+03:00")
    assert settle([first, reading("2020-10-19T08:34:00+03:00")]) == first
    assert settle([first, reading("2020-10-19T09:34:00+00:00")]) == first
    assert settle([reading("2020-10-19T06:34:00+00:00"), reading("2020-10-19T09:34:00+03:00")]).wall.hour == 6
