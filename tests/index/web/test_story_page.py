"""The page of a story as visitors meet it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from index.engine import open_index
from index.stories.linker import link_pending
from index.web.server import served
from index.web.story_page import COPIES as ON_A_PAGE
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import options_for
from tests.index.web.newsroom import COPIES as FOLDED
from tests.index.web.newsroom import WIRE
from tests.index.web.told import (
    CHAINED,
    COPIES,
    DAY,
    EDITED,
    FIRST,
    LONGER,
    ORIGINAL,
    TIME,
    UNDATED,
    fill,
    text,
    told,
)

STORY = min(each.id for each in (ORIGINAL, *COPIES))


def event(page: Answer, id: str) -> html.HtmlElement:
    """The place of an article on the time line."""
    (found,) = page.tree.cssselect(f"#a{id}")
    return found


def words(element: html.HtmlElement, css: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in element.cssselect(css)]


def test_the_original_and_its_copies_in_their_order(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}")
    assert page.status == 200
    assert page.texts("h1") == ["Главная новость"]
    assert page.texts("title") == ["Story: Главная новость · Svodka"]
    assert page.texts("section > .about") == ["5 copies on 6 sites within 2 d 3 h"]
    assert page.texts(".line-of-time .site") == [each.site for each in (ORIGINAL, *COPIES)]
    assert page.links(".line-of-time h3 a") == [f"/article/{each.id}" for each in COPIES]
    assert page.links(".line-of-time .site a") == [each.url for each in (ORIGINAL, *COPIES)]
    assert page.links("h1 a") == [f"/article/{ORIGINAL.id}"]


def test_time_since_the_original_only_where_times_are_known(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}")
    assert {each.id: words(event(page, each.id), ".since") for each in COPIES} == {
        EDITED.id: ["+1 h 12 min"],
        UNDATED.id: [],
        DAY.id: [],
        LONGER.id: ["+2 d 2 h"],
        CHAINED.id: ["+2 d 3 h"],
    }
    vague = {each.id for each in (ORIGINAL, *COPIES) if event(page, each.id).get("class") == "vague"}
    assert vague == {UNDATED.id, DAY.id}
    assert words(event(page, DAY.id), "time") == ["20 Nov 2026"]
    assert words(event(page, UNDATED.id), "time") == ["no date, seen 20 Nov 2026"]


def test_why_it_is_the_original(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}")
    assert words(event(page, ORIGINAL.id), ".evidence li")[0] == (
        "The source mark of 1 other article names its house, wire.example, or a reprint of it."
    )
    assert "Next in line: “Новость, " in words(event(page, ORIGINAL.id), ".evidence li")[1]


def test_why_each_copy_is_in_the_story(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}")
    edited = event(page, EDITED.id)
    assert words(edited, ".about") == [
        "a.example names Лента (wire.example): closing line with a label “Источник: Лента”"
    ]
    assert words(edited, ".evidence") == [
        (
            "99% of its text is in that of wire.example, and 79% of that in it. "
            "99% of the shorter text is shared; at least 65% must be."
        )
    ]
    chained = event(page, CHAINED.id)
    assert words(chained, ".evidence") == [
        (
            "Connected with the original through Новость, b.example (b.example). "
            "100% of its text is in that of b.example, and 73% of that in it. "
            "100% of the shorter text is shared; at least 65% must be."
        )
    ]
    compare = f"/story/{STORY}/compare"
    assert [each.get("href") for each in edited.cssselect(".changes a")] == [f"{compare}/{EDITED.id}"]
    assert [each.get("href") for each in chained.cssselect(".changes a")] == [
        f"{compare}/{CHAINED.id}",
        f"{compare}/{CHAINED.id}/{LONGER.id}",
    ]
    assert all(desk.get(link).status == 200 for link in page.links(".changes a"))


def test_in_russian(desk: Browser) -> None:
    page = replace(desk, language="ru").get(f"/story/{STORY}?zone=Europe/Moscow")
    assert page.texts("section > .about") == ["5 перепечаток на 6 сайтах за 2 д 3 ч"]
    assert words(event(page, EDITED.id), ".when") == ["20 ноя 2026, 10:12 +1 ч 12 мин"]
    assert words(event(page, EDITED.id), ".evidence") == [
        (
            "99 % её текста есть в тексте wire.example, а 79 % того текста — в ней. "
            "Совпадает 99 % более короткого текста; нужно не меньше 65 %."
        )
    ]


def test_every_link_carries_zone_and_language(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}?zone=Europe/Moscow&lang=ru")
    inner = [
        link for link in page.links("main a, .bottom a") if link.startswith(("/story", "/article", "/?"))
    ]
    assert len(inner) > 10
    assert all("zone=Europe%2FMoscow" in link and "lang=ru" in link for link in inner)


@pytest.mark.parametrize(
    "member", [each for each in (ORIGINAL, *COPIES) if each.id != STORY], ids=lambda each: each.site
)
def test_other_ids_lead_to_the_story(desk: Browser, member: object) -> None:
    id = getattr(member, "id", "")
    answer = desk.get(f"/story/{id}?zone=Europe/Moscow&lang=ru")
    assert answer.status == 303, "not for good: a story may fall apart again"
    place = "" if id == ORIGINAL.id else f"#a{id}"
    assert answer.headers["location"] == f"/story/{STORY}?zone=Europe%2FMoscow&lang=ru{place}"


def test_ways_out(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}")
    assert desk.get(page.link("a search")).texts("h1") == ["6 articles"]
    assert len(desk.get(page.link("JSON")).json["articles"]) == 6


@pytest.mark.parametrize("id", ["0" * 32, "x", "Z" * 300, "%2e%2e", STORY.upper() + "0"])
def test_no_such_story(desk: Browser, id: str) -> None:
    page = desk.get(f"/story/{id}")
    assert page.status == 404
    assert "There is no story with this id." in page.text


def test_an_article_alone(desk: Browser) -> None:
    page = desk.get(f"/story/{FIRST.id}")
    assert page.texts("section > .about") == ["0 copies on 1 site"]
    assert page.texts(".evidence li") == ["It is the only article of its story."]
    assert page.texts(".note") == ["Nobody has copied this text."]


def test_a_pair_that_would_be_refused_now_is_told(browser: Browser) -> None:
    page = browser.get(f"/story/{min(each.id for each in (WIRE, *FOLDED))}")
    said = words(event(page, FOLDED[0].id), ".evidence")
    assert "now it would be refused" in said[0]


def test_a_copy_that_no_pair_leads_from_is_told(tmp_path: Path) -> None:
    with closing(open_index(f"sqlite:///{tmp_path}/svodka.db")) as backend:
        fill(backend)
    with closing(sqlite3.connect(tmp_path / "svodka.db")) as connection, connection:
        connection.execute("DELETE FROM edge WHERE ? IN (a, b)", (EDITED.id,))
    with served(options_for(f"sqlite:///{tmp_path}/svodka.db")) as base:
        page = Browser(base).get(f"/story/{STORY}")
    assert words(event(page, EDITED.id), ".evidence")[0].startswith("No accepted pair leads from here")
    assert words(event(page, CHAINED.id), ".evidence")[0].startswith("Connected with the original through")


def test_big_stories_are_paged_and_bounded(tmp_path_factory: pytest.TempPathFactory) -> None:
    address = f"sqlite:///{tmp_path_factory.mktemp('big')}/svodka.db"
    copies = [
        told(f"s{n}.example", text(0, 100 - n % 9), published_at=TIME + timedelta(minutes=n))
        for n in range(1, 3 * ON_A_PAGE)
    ]
    with closing(open_index(address)) as backend:
        backend.put([ORIGINAL, *copies])
        link_pending(backend)
        story = backend.story(ORIGINAL.id)[0].story_id
    with served(options_for(address)) as base:
        browser = Browser(base)
        pages = [browser.get(f"/story/{story}", Accept_Encoding="gzip")]
        assert len(pages[0].body) < 60_000
        pages = [browser.get(f"/story/{story}")]
        assert pages[0].texts(".pages") == [f"Copies 1–{ON_A_PAGE} of {3 * ON_A_PAGE - 1} Next"]
        while "Next" in pages[-1].text:
            pages.append(browser.get(pages[-1].link("Next")))
        assert [site for page in pages for site in page.texts(".line-of-time .site")] == [
            "wire.example",
            *(each.site for each in copies),
        ]
        assert pages[1].tree.cssselect("ol")[0].get("start") == str(ON_A_PAGE + 2)
        last = next(each for each in copies if each.site == f"s{3 * ON_A_PAGE - 1}.example")
        if last.id != story:
            assert browser.get(f"/story/{last.id}").headers["location"] == f"/story/{story}?page=3#a{last.id}"
        beyond = browser.get(f"/story/{story}?page=9")
        assert "There is no page 9" in beyond.text
        assert browser.get(beyond.link("Go to the first page")).status == 200
