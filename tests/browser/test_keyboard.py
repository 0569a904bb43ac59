"""What the keyboard does."""

from __future__ import annotations

import pytest

from tests.browser.pages import PAGES
from tests.browser.visitor import Visitor
from tests.index.web.newsroom import WIRE

pytestmark = pytest.mark.xdist_group("browser-search")


def focused(reader: Visitor) -> str:
    """The text of what has the focus; of a field its id."""
    text: str = reader.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    return text


def test_slash_arrows_and_enter(reader: Visitor) -> None:
    reader.open("/?copies=1&sort=date")
    titles = reader.texts(".hit h2")
    press = reader.page.keyboard.press
    press("/")
    assert focused(reader) == "q"
    reader.page.keyboard.type("a/b")
    assert reader.page.input_value("#q") == "a/b", "in the box it is a letter"
    press("ArrowDown")
    assert focused(reader) == titles[0]
    for _ in titles:
        press("ArrowDown")
    assert focused(reader) == titles[-1], "the last one stays"
    assert reader.page.locator(":focus").evaluate("el => getComputedStyle(el).outlineStyle") == "solid"
    press("ArrowUp")
    assert focused(reader) == titles[-2]
    press("/")
    assert focused(reader) == "q"
    assert reader.page.evaluate("getSelection().toString()") == "a/b", "typing replaces the query"


def test_arrow_down_begins_without_a_focus_and_arrow_up_ends_in_the_box(reader: Visitor) -> None:
    reader.open("/")
    reader.page.keyboard.press("ArrowDown")
    assert focused(reader) == reader.texts(".hit h2")[0]
    reader.page.keyboard.press("ArrowUp")
    assert focused(reader) == "q"


def test_enter_opens_the_hit(reader: Visitor) -> None:
    reader.open("/?q=паромы")
    reader.page.keyboard.press("ArrowDown")
    assert focused(reader) == WIRE.title
    link = reader.page.evaluate("document.activeElement.href")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert reader.page.url == link
    reader.left()


def test_slash_goes_to_the_box_on_every_page(reader: Visitor) -> None:
    for shown in PAGES:
        assert reader.open(shown.path) == shown.status
        reader.page.keyboard.press("/")
        assert focused(reader) == "q", shown
        reader.page.evaluate("document.activeElement.blur()")


def test_tab_begins_with_a_link_past_the_navigation(reader: Visitor) -> None:
    reader.open("/")
    reader.page.keyboard.press("Tab")
    skip = reader.page.locator(":focus")
    assert skip.inner_text() == "Skip to the results"
    box = skip.bounding_box()
    assert box is not None
    assert box["height"] > 20, "it shows when it has the focus"
    reader.page.keyboard.press("Enter")
    assert focused(reader) == "main"


def test_everything_is_reached_by_tab_in_reading_order(reader: Visitor) -> None:
    reader.open("/?q=мост&copies=1")
    expected = reader.page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]"
        ".filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    seen = []
    for _ in range(expected):
        reader.page.keyboard.press("Tab")
        seen.append(
            reader.page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    assert seen == sorted(seen)
    assert len(set(seen)) == expected
