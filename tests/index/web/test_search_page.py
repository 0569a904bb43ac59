"""The search page as visitors meet it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pytest

from index.engine import open_index
from index.web.server import served
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import options_for
from tests.index.web.newsroom import COPIES, WIRE
from tests.make import make_article

STORY = min(each.id for each in (WIRE, *COPIES))
PAGES_OF_ARTICLES = (
    f"/story/{WIRE.id}/copies",
    f"/story/{STORY}",
    f"/story/{STORY}/compare/{COPIES[0].id}",
    f"/article/{WIRE.id}",
    f"/article/{COPIES[0].id}",
)


def facet(page: Answer, name: str) -> dict[str, str]:
    """Values and counts of a facet as shown."""
    heading = next(each for each in page.tree.cssselect(".facets h3") if each.text_content() == name)
    lines = heading.getnext().cssselect("li")
    return {line.cssselect("bdi")[0].text_content(): line.cssselect(".n")[0].text_content() for line in lines}


def test_the_start_page_lists_the_newest_stories(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status == 200
    assert page.texts("h1") == ["Newest stories"]
    assert page.texts(".total") == ["4 stories"]
    assert page.texts(".hit h2") == [
        "Мост через Тишину закроют на ремонт",
        "Старый мост на фотографиях",
        "Музей реки открыт",
        "Bridge & ferry timetable <changed>",
    ]


def test_a_hit_tells_site_time_source_and_outlets(browser: Browser) -> None:
    page = browser.search("паромы")
    assert page.texts(".about") == ["wire.example 20 Nov 2026, 10:00 by Вера Лугова, Лента, via 4 sites"]
    assert [each.text_content() for each in page.tree.cssselect(".passage mark")] == ["Паромы"]
    time = page.tree.cssselect(".hit time")[0]
    assert time.get("datetime") == "2026-11-20T10:00:00Z"
    assert time.get("title") == "20 November 2026, 10:00:00 (UTC)"
    assert page.links(".hit h2 a") == [f"/article/{WIRE.id}"], "the text with its evidence"
    assert page.links(".hit .site a") == ["https://wire.example/1"], "the publisher's page"
    assert page.tree.cssselect(".hit h2")[0].get("lang") == "ru"
    assert page.texts(".hit h2 mark") == []
    assert browser.search("мост").texts(".hit h2 mark") == ["мост", "Мост"]


def test_copies_are_folded_and_lead_to_their_page(browser: Browser) -> None:
    page = browser.search("паромы")
    assert page.texts(".copies summary") == ["3 copies"]
    assert page.texts(".copies p") == [
        "on a.example, b.example, c.example. Headlines and times of all copies"
    ]
    link, story = page.links(".copies a")
    assert story == f"/story/{STORY}"
    assert browser.get(story).texts("h1") == [WIRE.title]
    assert page.tree.cssselect(".copies")[0].get("data-from") == link
    copies = browser.get(link)
    assert copies.status == 200
    assert copies.texts("#copies .site") == ["a.example", "b.example", "c.example"]
    assert copies.links("#copies .headline a") == [f"/article/{copy.id}" for copy in COPIES]
    assert copies.links("#copies .site a") == [copy.url for copy in COPIES]
    assert copies.link("The story: who published what when") == story
    assert copies.texts("h1") == [WIRE.title]
    assert browser.get(f"/story/{'0' * 32}/copies").status == 404
    assert browser.get(f"/story/{COPIES[0].id}/copies").texts("h1") == [WIRE.title], "by any member's id"


def test_copies_are_listed_on_demand(browser: Browser) -> None:
    page = browser.search("паромы", copies="1")
    assert page.texts("h1") == ["4 articles"]
    assert page.texts(".badge") == ["a copy"] * 3
    assert set(page.links(".badge a")) == {f"/story/{STORY}"}
    assert facet(page, "Role") == {"copies": "3", "originals": "1"}
    assert page.tree.cssselect("input[name=copies]")[0].get("checked") is not None
    only = browser.get(page.link("originals"))
    assert only.texts("h1") == ["1 article"]


def test_days_and_missing_dates_are_no_times(browser: Browser) -> None:
    page = browser.search("", zone="Asia/Vladivostok")
    times = {each.text_content(): each for each in page.tree.cssselect(".hit time")}
    assert list(times) == [
        "20 Nov 2026, 20:00",
        "no date, seen 20 Nov 2026",
        "18 Nov 2026",
        "12 Nov 2026, 01:00",
    ]
    assert times["18 Nov 2026"].get("datetime") == "2026-11-18"
    assert times["18 Nov 2026"].get("title") == "The page gives the day, not the time"
    assert "first seen" in times["no date, seen 20 Nov 2026"].get("title").lower()
    assert "Asia/Vladivostok, UTC+10:00" in times["12 Nov 2026, 01:00"].get("title")


def test_facets_add_their_filter_and_count_what_it_finds(browser: Browser) -> None:
    page = browser.get("/")
    assert facet(page, "Section") == {"Культура": "1", "Транспорт": "1"}
    assert page.texts(".none") == ["no section 2"]
    assert facet(page, "Language") == {"Russian": "3", "English": "1"}
    for link in page.tree.cssselect(".facets li"):
        found = browser.get(link.cssselect("a")[0].get("href"))
        assert found.texts("h1") == [f"{link.cssselect('.n')[0].text_content()} " + ("story" if link.cssselect(".n")[0].text_content() == "1" else "stories")]  # fmt: skip


def test_spellings_that_a_filter_takes_for_one_are_counted_as_one(browser: Browser) -> None:
    page = browser.search("", copies="1")
    assert facet(page, "Section")["транспорт"] == "4"
    assert browser.get(page.link("транспорт")).texts("h1") == ["4 articles"]


def test_a_filter_is_shown_and_can_be_removed(browser: Browser) -> None:
    page = browser.search("мост section:Транспорт after:2026-11-01")
    assert page.texts(".chips li") == ["section:Транспорт", "after:2026-11-01"]
    without = browser.get(page.links(".chips a")[0])
    assert without.tree.cssselect("#q")[0].get("value") == "мост after:2026-11-01"
    chosen = page.tree.cssselect(".facets a[aria-current]")
    assert [each.text_content() for each in chosen] == ["Транспорт"]
    assert chosen[0].get("href") == page.links(".chips a")[0]


def test_the_histogram_fills_gaps_and_its_bars_are_searches(browser: Browser) -> None:
    page = browser.get("/")
    assert page.texts("figcaption span") == ["7 November 2026", "By day (UTC)", "20 November 2026"]
    bars = page.tree.cssselect(".chart a")
    assert [bar.get("aria-label") for bar in bars] == [
        "11 November 2026: 1 story",
        "18 November 2026: 1 story",
        "19 November 2026: 1 story",
        "20 November 2026: 1 story",
    ]
    found = browser.get(bars[1].get("href"))
    assert found.texts(".hit h2") == ["Музей реки открыт"]
    again = browser.get(browser.get(bars[1].get("href") + "&zone=Europe/Moscow").links(".chips a")[0])
    moscow = again.tree.cssselect(".chart a")
    assert all("T00:00Z" in bar.get("href") for bar in moscow), "days of the facet are UTC's"


def test_sorting(browser: Browser) -> None:
    page = browser.search("мост")
    assert page.texts(".sorts a[aria-current]") == ["Best match"]
    newest = browser.get(page.link("Newest"))
    assert newest.texts(".sorts a[aria-current]") == ["Newest"]
    copied = browser.get(page.link("Most copied"))
    assert copied.texts(".hit h2")[0] == WIRE.title
    assert browser.get("/").texts(".sorts a[aria-current]") == ["Newest"]
    assert "Best match" not in browser.get("/").text, "nothing to rank by"


def test_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    address = f"sqlite:///{tmp_path_factory.mktemp('many')}/svodka.db"
    with closing(open_index(address)) as backend:
        backend.put([make_article(url=f"https://x.example/{n}", title=f"Мост {n}") for n in range(25)])
    with served(options_for(address)) as base:
        browser = Browser(base)
        first = browser.search("мост", sort="date")
        assert first.texts(".pages") == ["Page 1 of 3 Next"]
        second = browser.get(first.link("Next"))
        assert second.texts(".pages") == ["Previous Page 2 of 3 Next"]
        assert second.tree.cssselect("ol.hits")[0].get("start") == "11"
        last = browser.get(second.link("Next"))
        seen = [title for page in (first, second, last) for title in page.texts(".hit h2")]
        assert sorted(seen) == sorted(f"Мост {n}" for n in range(25))
        beyond = browser.search("мост", page="9")
        assert beyond.status == 200
        assert "There is no page 9" in beyond.text
        assert browser.get(beyond.link("Go to the first page")).texts("h1") == ["25 stories"]
        deep = browser.search("мост", page="2000")
        assert deep.status == 400
        assert "10,000th" in deep.text


def test_links_carry_everything(browser: Browser) -> None:
    page = browser.get("/?q=мост&copies=1&sort=copies&limit=2&page=2&zone=Europe/Moscow&lang=ru")
    assert page.status == 200
    for link in [*page.links(".pages a"), *page.links(".chart a"), *page.links(".bottom a")]:
        carried = {pair.split("=")[0] for pair in link.partition("?")[2].split("&")}
        own = set() if link.startswith("/search.atom") else {"sort", "limit"}
        assert carried >= {"q", "copies", "zone", "lang"} | own, link
    form = page.tree.cssselect("form")[0]
    assert dict(form.fields) | {"q": "", "zone": ""} == {
        "q": "",
        "zone": "",
        "copies": "1",
        "sort": "copies",
        "limit": "2",
        "lang": "ru",
    }
    assert (form.fields["q"], form.fields["zone"]) == ("мост", "Europe/Moscow")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", 'There is no field sourse: - did you mean source:? As plain text write it in quotes, "sourse:…"'),
        ("ru", "Поля sourse: нет. Может быть, source:? Простой текст пишите в кавычках: \"sourse:…\""),
    ],
)  # fmt: skip
def test_a_bad_query_is_explained_with_the_place(browser: Browser, language: str, told: str) -> None:
    page = replace(browser, language=language).search("мост sourse:ria.ru")
    assert page.status == 400
    assert page.texts("#fault p") == [told, "мост sourse:ria.ru"]
    assert page.texts("#fault mark") == ["sourse:ria.ru"]
    box = page.tree.cssselect("#q")[0]
    assert (box.get("value"), box.get("aria-describedby")) == ("мост sourse:ria.ru", "fault")
    assert page.tree.cssselect("details.help")[0].get("open") is not None


def test_nothing_found_says_what_was_understood_and_what_finds_more(browser: Browser) -> None:
    page = browser.search("паромы site:a.example after:2026-11-19")
    assert page.texts("h1") == ["Nothing found"]
    assert page.texts(".nothing p")[0] == (
        "Looked for: “паромы” in any form, and site a.example, and published from 19 Nov 2026, 00:00."
    )
    assert page.texts(".wider li") == [
        "List the copies in stories too 1 article",
        "Without any filter 1 story",
        "Without site:a.example 1 story",
    ], "and those that find nothing are not offered"
    assert browser.get(page.links(".wider a")[0]).texts("h1") == ["1 article"]


def test_an_empty_index_says_what_to_do(empty_address: str) -> None:
    with served(options_for(empty_address)) as base:
        assert "svodka crawl" in Browser(base).get("/").text


def test_both_languages(browser: Browser) -> None:
    russian = replace(browser, language="uk;q=0.9, ru-RU, en;q=0.5").search("паромы")
    assert russian.tree.get("lang") == "ru"
    assert russian.texts("h1") == ["1 сюжет"]
    assert russian.texts(".about")[0].startswith("wire.example 20 ноя 2026, 10:00")
    switched = browser.get(russian.link("en"))
    assert switched.tree.get("lang") == "en"
    assert switched.texts("h1") == ["1 story"]


def test_story_filters_take_any_id_of_the_story(browser: Browser) -> None:
    for member in [WIRE, *COPIES]:
        assert browser.search(f"story:{member.id}", copies="1").texts("h1") == ["4 articles"]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("sort=best", "score, date or copies"),
        ("page=0", "from 1 to 999999"),
        ("page=x", "from 1 to 999999"),
        ("limit=1000", "from 1 to 100"),
        ("zone=Mars/Base", "Europe/Moscow"),
        ("lang=de", "ru or en"),
        ("copies=yes", "takes 1"),
    ],
)
def test_a_parameter_that_means_nothing_is_all_that_is_lost(browser: Browser, bad: str, told: str) -> None:
    page = browser.get(f"/?q=мост&{bad}")
    (fault,) = page.texts(".fault")
    assert page.status == 400
    assert told in fault
    assert f"“{bad.partition('=')[2]}”" in fault
    assert page.tree.cssselect("#q")[0].get("value") == "мост"
    assert page.link("The same without it") == "/?q=мост"
    assert browser.get(page.link("ru")).status == 200
    program = browser.get(f"/search.json?q=мост&{bad}")
    assert told in program.json["error"]["message"]


def test_a_zone_is_mended_where_it_was_typed(browser: Browser) -> None:
    page = browser.get("/?q=мост&copies=1&limit=20&lang=ru&zone=Europe/Moskow")
    (field,) = page.tree.cssselect("input[name=zone]")
    assert (field.get("value"), field.get("aria-describedby")) == ("Europe/Moskow", "wrong")
    assert "Europe/Moscow" in page.texts("#wrong")[0]
    form = dict(page.tree.cssselect("form")[0].form_values())
    assert form == {"q": "мост", "copies": "1", "zone": "Europe/Moskow", "limit": "20", "lang": "ru"}
    assert browser.get("/?q=мост&zone=europe/moscow+").texts("#count") == browser.search("мост").texts(
        "#count"
    )


@pytest.mark.parametrize("path", ["/overview", "/health", f"/story/{WIRE.id}", f"/article/{WIRE.id}"])
def test_other_pages_without_a_bad_parameter_are_one_click_away(browser: Browser, path: str) -> None:
    page = browser.get(f"{path}?zone=Mars&lang=en")
    assert (page.status, page.link("The same without it")) == (400, f"{path}?lang=en")


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api", "/overview", "/health", f"/story/{min(each.id for each in (WIRE, *COPIES))}", f"/story/{WIRE.id}/copies", f"/article/{WIRE.id}",
     f"/story/{WIRE.id}/compare/{COPIES[0].id}", f"/article/{'f' * 32}"],
)  # fmt: skip
def test_every_page_has_a_box_that_keeps_zone_and_language(browser: Browser, path: str) -> None:
    page = browser.get(f"{path}?zone=Europe/Moscow&lang=en")
    (form,) = page.tree.cssselect("form[role=search]")
    assert form.get("action") == "/"
    assert dict(form.form_values()) == {"q": "", "zone": "Europe/Moscow", "lang": "en"}
    assert page.texts(".skip") == ["Skip to the content"]
    if page.status == 404:
        assert page.link("Back to search") == "/?zone=Europe%2FMoscow&lang=en"


def test_the_skip_link_says_where_it_leads(browser: Browser) -> None:
    said = {text: browser.search(text).texts(".skip") for text in ("мост", "zzz", ")")}
    assert said == {
        "мост": ["Skip to the results"],
        "zzz": ["Skip to the content"],
        ")": ["Skip to the content"],
    }


def test_every_page_has_one_heading_and_its_landmarks(browser: Browser) -> None:
    for path in ("/", "/?q=мост", "/?q=zzz", "/?q=)", "/api", "/nowhere", *PAGES_OF_ARTICLES):
        page = browser.get(path)
        assert len(page.tree.cssselect("h1")) == 1, path
        assert len(page.tree.cssselect("main")) == len(page.tree.cssselect("header")) == 1
        levels = [int(each.tag[1]) for each in page.tree.iter("h1", "h2", "h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        ids = [each.get("id") for each in page.tree.cssselect("[id]")]
        assert len(ids) == len(set(ids))
