from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.extraction import Extracted, extract
from crawler.extraction.layout import drop, fitting_layout, select, select_texts
from crawler.extraction.tree import parse
from crawler.site import Layout, Site

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROSE = [
    f"Абзац {n}: дорогу вдоль реки закрыли до весны, и автобус теперь ходит через соседний посёлок."
    for n in range(4)
]
PAGE = f"""<html><head><title>Страница</title><meta property="og:title" content="Чужой заголовок">
<meta property="article:published_time" content="2025-06-01T10:00:00+03:00"></head><body>
<h1>Чужой заголовок</h1><div class="hd">Дорогу вдоль реки закрыли</div><div class="sect">Транспорт</div>
<div class="who">Анна Лугова, Пётр Самарин</div><div class="intro">Автобус пустили в объезд.</div>
<div class="old">{"".join(f"<p>{text}</p>" for text in PROSE[:2])}<p class="promo">Читателям нравится наш канал.</p> хвост</div>
<div class="new">{"".join(f"<p>{text}</p>" for text in PROSE[2:])}</div></body></html>"""


def site(*layouts: Layout) -> Site:
    return Site(
        name="paper.example",
        title="Газета",
        domains=["paper.example"],
        time_zone="Europe/Moscow",
        feeds=["https://paper.example/rss"],
        layouts=list(layouts),
    )


def read(*layouts: Layout) -> Extracted:
    return extract(PAGE.encode(), "https://paper.example/a/1", site(*layouts), now=NOW)


def test_every_field_has_its_selector() -> None:
    found = read(Layout(title=".hd", lead=".intro", body=".new", author=".who", section=".sect"))
    assert found.title == "Дорогу вдоль реки закрыли"
    assert found.lead == "Автобус пустили в объезд."
    assert found.body.split("\n\n") == PROSE[2:]
    assert found.authors == ["Анна Лугова", "Пётр Самарин"]
    assert found.section == "Транспорт"


def test_paragraphs_may_be_selected_one_by_one_and_by_xpath() -> None:
    assert read(Layout(body=".old p")).body.split("\n\n")[:2] == PROSE[:2]
    assert read(Layout(body="//div[@class='new']/p")).body.split("\n\n") == PROSE[2:]


def test_dropped_elements_leave_the_text_after_them() -> None:
    found = read(Layout(body=".old", drop=[".promo"]))
    assert "канал" not in found.body
    assert found.body.endswith("хвост")


def test_the_newest_layout_that_finds_text_is_taken() -> None:
    absent, new, old = Layout(body=".absent"), Layout(body=".new"), Layout(body=".old")
    root = parse(PAGE)
    assert fitting_layout(root, site(absent, new, old), None) is not None
    assert read(absent, new, old).body.split("\n\n") == PROSE[2:]
    assert fitting_layout(root, site(absent), None) is None
    assert fitting_layout(root, None, None) is None


@pytest.mark.parametrize(
    ("until", "used"), [(date(2025, 5, 31), ".old"), (date(2025, 6, 1), ".new"), (None, ".new")]
)
def test_a_layout_that_ended_before_the_pages_day_is_passed_over(until: date | None, used: str) -> None:
    first, second = Layout(body=".new", until=until), Layout(body=".old")
    found = fitting_layout(parse(PAGE), site(first, second), date(2025, 6, 1))
    assert found is not None
    assert found.body == used
    assert fitting_layout(parse(PAGE), site(first, second), None) is not None


def test_generic_extraction_where_no_layout_fits() -> None:
    assert PROSE[0] in read(Layout(body=".absent")).body


def test_selectors_may_give_attributes_numbers_or_nothing() -> None:
    root = parse('<p title=" a ">x</p>')
    assert select_texts(root, "//p/@title") == ["a"]
    assert select_texts(root, "/html/body/p[1]") == ["x"]
    assert select_texts(root, "(count(//p))") == ["1.0"]
    assert select_texts(root, None) == []
    assert select(root, "//p/@title") == []


def test_the_root_is_never_dropped() -> None:
    root = parse("<p>x</p>")
    drop(root, Layout(drop=["html", "p"]))
    assert root.tag == "html"
    assert not root.xpath("//p")
