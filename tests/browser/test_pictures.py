"""The pictures of the documents are those that `make pictures` takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.pictures import PICTURES, Picture, take

pytestmark = pytest.mark.xdist_group("browser-look")
ROOT = Path(__file__).parents[2]


def test_every_picture_of_the_documents_can_be_made_anew() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    shown = {name for text in texts for name in re.findall(r"img/(web-[a-z-]+)\.png", text)}
    assert shown <= {each.name for each in PICTURES}
    assert {each.stem for each in (ROOT / "docs" / "img").glob("web-*.png")} == {
        each.name for each in PICTURES
    }


def test_a_picture_is_the_same_again(browser: Browser, sqlite_site: str) -> None:
    picture = Picture("x", "/?q=паромы", (600, 400), unfold=".copies summary")
    taken = take(browser, sqlite_site, picture)
    assert taken.startswith(b"\x89PNG")
    assert taken == take(browser, sqlite_site, picture)
    assert taken != take(browser, sqlite_site, Picture("x", "/?q=паромы", (600, 400)))


def test_a_page_at_fault_makes_no_picture(browser: Browser, sqlite_site: str) -> None:
    with pytest.raises(AssertionError, match=r"has [\d,]+ bytes"):
        take(browser, sqlite_site, Picture("large", "/?copies=1", (3_000, 3_000)))
