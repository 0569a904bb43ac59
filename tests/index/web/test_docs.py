"""docs/web.md names the options, parameters, addresses and limits there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.web.article_page import MOST_CHARACTERS, VERSIONS
from index.web.asked import MOST_ON_A_PAGE, PAGE, Asked
from index.web.atom import ENTRIES
from index.web.csv_rows import COLUMNS
from index.web.differences import MOST_CHARACTERS as MOST_LETTERS
from index.web.differences import MOST_PARAGRAPHS, MOST_WORDS
from index.web.gate import LONGEST_PATH, LONGEST_QUERY
from index.web.options import Limits
from index.web.story_page import COPIES
from tests.index.web.browser import Browser
from tests.index.web.newsroom import COPIES as COPIED
from tests.index.web.newsroom import WIRE

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "web.md").read_text(encoding="utf-8")


def first_column(heading: str) -> set[str]:
    """What stands in backticks in the first column of the tables under a heading."""
    section = DOCS.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


def test_options(capsys: pytest.CaptureFixture[str]) -> None:
    from crawler.cli import main

    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert {each.split()[0] for each in first_column("Options")} == options


def test_parameters() -> None:
    every = Asked("x", True, "date", 2, 20, "UTC", "ru").parameters()
    assert {each.partition("=")[0] for each in first_column("The page")} == set(every)
    assert f"({PAGE}, at most {MOST_ON_A_PAGE})" in DOCS


def test_addresses(browser: Browser) -> None:
    addresses = {each for each in first_column("Ways out") if each.startswith("/")}
    assert len(addresses) == 5
    assert {browser.get(address).status for address in addresses} == {200}


def test_feed_and_table() -> None:
    assert {each for each in first_column("Ways out") if not each.startswith("/")} == set(COLUMNS)
    assert f"{ENTRIES} entries (`limit`: up to {MOST_ON_A_PAGE})" in DOCS


def test_limits() -> None:
    limits = Limits()
    for said in (
        f"searches at a time | {limits.readers}, each",
        f"{limits.waiting} more wait",
        f"{limits.rate:.0f} a second, {limits.burst} at once",
        f"{LONGEST_QUERY:,} bytes",
        f"headers {limits.request_head // 1024} kB",
        f"connections | {limits.connections}, {limits.client_connections} of one address",
        f"not whole after {limits.head_seconds:.0f} seconds",
        f"a reading of the index | {limits.seconds:.0f} seconds",
        f"figures are kept, {limits.counting:.0f}.",
        f"and {LONGEST_PATH:,} before it",
        f"up to {limits.export:,} hits",
    ):
        assert said in DOCS, said


def test_pages_of_stories_and_articles() -> None:
    for said in (
        f"\n{COPIES} copies are on a page",
        f"{MOST_WORDS:,} words in at most {MOST_PARAGRAPHS} paragraphs and {MOST_LETTERS:,} characters",
        f"the newest {VERSIONS}, with",
        f"longer than {MOST_CHARACTERS:,} characters",
    ):
        assert said in DOCS, said


def test_addresses_of_differences(browser: Browser) -> None:
    story, article = (WIRE.id, COPIED[0].id)
    filled = {
        each.format(id=story, article=article, other=COPIED[1].id, number=2)
        for each in first_column("Differences")
    }
    assert {browser.get(each).status for each in filled} == {200, 404}, "the article has no second version"
    assert {each for each in filled if browser.get(each).status == 404} == {f"/article/{story}/versions/2"}


def test_pictures_are_there_and_small() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = {*re.findall(r"\((img/web-[^)]+)\)", DOCS), *re.findall(r"\(docs/(img/web-[^)]+)\)", readme)}
    assert len(pictures) >= 3
    for picture in pictures:
        assert 10_000 < (ROOT / "docs" / picture).stat().st_size <= 150_000
