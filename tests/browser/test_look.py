"""Phones, the dark, paper, large letters."""

from __future__ import annotations

import pytest

from tests.browser.pages import PAGES, Shown
from tests.browser.visitor import DESKTOP, PHONE, Scheme, Visit, Visitor

pytestmark = pytest.mark.xdist_group("browser-look")
NARROWEST = (320, 640)  # WCAG 2.2, 1.4.10: what 1,280 pixels are at 400 %


def beyond(reader: Visitor) -> list[str]:
    """What sticks out of the window to the right, if the page scrolls sideways."""
    found: list[str] = reader.page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth)
            .map((each) => each.outerHTML.slice(0, 100))"""
    )
    return found


@pytest.mark.parametrize("shown", PAGES, ids=str)
@pytest.mark.parametrize("locale", ["en", "ru"])
def test_no_page_scrolls_sideways(visit: Visit, sqlite_site: str, shown: Shown, locale: str) -> None:
    reader = visit(sqlite_site, locale=locale, size=PHONE)
    assert reader.open(shown.path) == shown.status
    assert beyond(reader) == []
    reader.open_details()
    assert beyond(reader) == []
    reader.look("light", NARROWEST)
    assert beyond(reader) == []
    reader.look("light", (2 * NARROWEST[0], NARROWEST[1]))
    reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert beyond(reader) == [], "letters of twice the size (WCAG 2.2, 1.4.4)"


def test_on_a_phone_facets_stand_below_and_a_link_leads_there(visit: Visit, site: str) -> None:
    reader = visit(site, size=PHONE, has_touch=True, is_mobile=True)
    reader.open("/")
    reader.page.tap(".jump")
    facets = reader.page.locator("#facets").bounding_box()
    hits = reader.page.locator(".hits").bounding_box()
    assert facets is not None
    assert hits is not None
    assert facets["y"] >= hits["y"] + hits["height"]
    assert facets["y"] < PHONE[1], "it was scrolled to"


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_the_dark_is_dark(visit: Visit, sqlite_site: str, shown: Shown) -> None:
    reader = visit(sqlite_site, scheme="dark")
    reader.open(shown.path)
    dark = colours(reader)
    reader.look("light", DESKTOP)
    light = colours(reader)
    assert all(one != other for one, other in zip(dark, light, strict=True)), (dark, light)
    assert brightness(dark[0]) < 0.2 < 0.8 < brightness(dark[1])
    assert brightness(light[1]) < 0.2 < 0.8 < brightness(light[0])


def colours(reader: Visitor) -> list[str]:
    """The computed colours of the paper, its text, a heading and a link."""
    found: list[str] = reader.page.evaluate(
        """() => {
          const of = (css, property) => getComputedStyle(document.querySelector(css))[property];
          return [of("html", "backgroundColor"), of("html", "color"), of("h1", "color"), of("nav a", "color")];
        }"""
    )
    return found


def brightness(colour: str) -> float:
    """Of 'rgb(1, 2, 3)': 0 is black, 1 is white."""
    parts = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts) / 3 / 255


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_there_are_the_hits_and_their_addresses(visit: Visit, site: str, scheme: Scheme) -> None:
    reader = visit(site, scheme=scheme)
    reader.open("/?q=мост+-site:b.example&copies=1&zone=Europe/Moscow")
    assert not reader.page.locator(".printed").is_visible()
    reader.print()
    assert reader.page.locator(".printed").is_visible()
    assert reader.texts(".printed") == ["Search: мост -site:b.example copies listed too Europe/Moscow"]
    for css in (".box", ".facets", ".sorts", ".chart", ".top nav", ".bottom"):
        assert not reader.page.locator(css).first.is_visible(), css
    assert reader.page.locator(".hit h2").first.is_visible()
    address = reader.page.evaluate(
        "getComputedStyle(document.querySelector('.hit .site a'), '::after').content.slice(1, -1)"
    )
    assert address.strip() == reader.page.locator(".hit .site a").first.get_attribute("href")
    paper, ink, *_ = colours(reader)
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


def test_paper_is_light_in_every_scheme(visit: Visit, site: str) -> None:
    def marked(scheme: Scheme) -> list[str]:
        reader = visit(site, scheme=scheme)
        reader.open("/?q=мост")
        reader.print()
        found: list[str] = reader.page.evaluate(
            """() => ["match", "gone", "new", "bad", "good", "card", "wash", "bar", "paper", "ink", "line"].map(
              (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name))"""
        )
        return found

    assert "" not in marked("light")
    assert marked("dark") == marked("light")
