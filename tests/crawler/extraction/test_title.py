from __future__ import annotations

import pytest

from crawler.extraction.blocks import read_blocks
from crawler.extraction.metadata import read_metadata
from crawler.extraction.title import choose_title, cut_site_name, same_headline, title_block
from crawler.extraction.tree import parse

URL = "https://www.quayside.example/news/1"


def title(head: str, body: str = "", names: tuple[str, ...] = ()) -> str | None:
    root = parse(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return choose_title(root, read_metadata(root, URL), names)


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (og("Ferry returns - Quayside"), "<h1>Ferry returns</h1>", "Ferry returns"),
        (og("Ferry returns"), "<h1>The ferry returns</h1>", "The ferry returns"),
        # the logo is an h1 too
        (og("Ferry returns"), "<h1>Quayside</h1><h1>Ferry returns</h1>", "Ferry returns"),
        # a second headline written for search engines does not count
        (og("Ferry returns"), "<h1>Where to watch the old steamboat cross the bay</h1>", "Ferry returns"),
        ("<title>Ferry returns | News | Quayside</title>", "<h1>Ferry returns</h1>", "Ferry returns"),
        ("<title>Ferry returns to the harbour | Local news</title>", "", "Ferry returns to the harbour"),
        ("<title>Ferry returns — quayside.example</title>", "", "Ferry returns"),
        (og("5"), "<h1>Ferry returns</h1>", "Ferry returns"),
        (
            '<script type="application/ld+json">{"@type":"Article","headline":"Ferry &amp; bridge"}</script>',
            "",
            "Ferry & bridge",
        ),
        ("", "<h1></h1>", None),
        ("", "", None),
    ],
)
def test_choice(head: str, body: str, expected: str | None) -> None:
    assert title(head, body) == expected


def test_the_sites_own_names_are_cut() -> None:
    assert title(og("Паром вернулся — Заречные ведомости"), names=("Заречные ведомости",)) == "Паром вернулся"
    assert title(og("Паром вернулся — и снова встал")) == "Паром вернулся — и снова встал"


def test_a_title_that_is_only_the_sites_name_stays() -> None:
    assert cut_site_name("Quayside", {"quayside"}) == "Quayside"
    assert cut_site_name("Quayside | Ferry | Quayside", {"quayside"}) == "Ferry"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Паром вернулся на линию", "«Паром» вернулся на линию!", True),
        ("Ёлку привезли", "Елку привезли", True),
        ("Ferry returns after refit", "Ferry returns", True),
        ("Ferry", "Ferry returns after a long refit in the yard", False),
        ("Ferry returns", "Lighthouse cottage sold", False),
        ("", "Ferry", False),
    ],
)
def test_same_headline(one: str, other: str, same: bool) -> None:
    assert same_headline(one, other) is same


def test_title_block_is_the_h1_nearest_above_the_text() -> None:
    root = parse(
        "<div><h2>Ferry returns</h2><h1>Ferry returns</h1><p>Text</p><h1>Ferry returns again</h1></div>"
    )
    blocks = read_blocks(root)
    found = title_block(blocks, "Ferry returns", 2)
    assert found is not None
    assert found.index == 1
    assert title_block(blocks, None, 4) is None
