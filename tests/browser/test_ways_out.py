"""Feed, table and JSON of a search, as the links on its page give them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import feedparser
import pytest

from tests.browser.visitor import Visitor
from tests.index.web.newsroom import COPIES, WIRE

pytestmark = pytest.mark.xdist_group("browser-search")
QUERY = "/?q=паромы&copies=1"


def test_csv_is_a_file_to_keep(reader: Visitor) -> None:
    reader.open(QUERY)
    with reader.page.expect_download() as waiting:
        reader.page.click(".bottom a[download]")
    assert waiting.value.suggested_filename.endswith(".csv")
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["title"] for row in rows} == {WIRE.title, *(each.title for each in COPIES)}


def test_the_feed_is_shown_and_found_by_readers(reader: Visitor) -> None:
    reader.open(QUERY)
    link = reader.page.locator("link[rel=alternate]").get_attribute("href")
    assert link == reader.page.locator(".bottom a >> nth=0").get_attribute("href")
    answer = reader.context.request.get(reader.base + (link or ""))
    feed = feedparser.parse(answer.body())
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [each.title for each in [*COPIES[::-1], WIRE]]


def test_json_opens_in_the_browser(reader: Visitor) -> None:
    reader.open(QUERY)
    reader.click(".bottom a >> nth=1")
    assert reader.page.evaluate("JSON.parse(document.body.innerText).total") == 1 + len(COPIES)


def test_the_browser_can_add_the_search(reader: Visitor) -> None:
    reader.open("/")
    link = reader.page.locator("link[rel=search]").get_attribute("href")
    template = reader.page.evaluate(
        """async (link) => {
          const text = await (await fetch(link)).text();
          const found = new DOMParser().parseFromString(text, "application/xml");
          return found.querySelector("Url[type='text/html']").getAttribute("template");
        }""",
        link,
    )
    assert template.startswith(reader.base)
    filled = template.replace("{searchTerms}", "паромы").replace("{startPage?}", "")
    reader.open(filled.removeprefix(reader.base))
    assert reader.texts(".hit h2") == [WIRE.title]


def test_a_hit_leads_to_the_publisher_who_is_not_told_from_where(reader: Visitor) -> None:
    reader.open("/?q=паромы")
    reader.click(reader.page.locator(f".hit a[href='{WIRE.url}']").first)
    assert reader.left() == [WIRE.url]
