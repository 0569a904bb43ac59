"""Static files: small, kept by browsers, answered by condition."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from index.web.assets import assets
from tests.index.web.browser import Browser

STYLE = assets()["style.css"].content.decode()


def test_they_are_small_and_load_nothing_from_elsewhere() -> None:
    sizes = {name: len(asset.content) for name, asset in assets().items()}
    assert sizes["style.css"] <= 20_000
    assert sizes["keys.js"] <= 3_000
    for asset in assets().values():
        without_names = re.sub(rb'xmlns="[^"]*"', b"", asset.content)
        assert not re.search(rb"https?:|//[a-z]|@import|url\(", without_names)


def test_addresses_change_with_the_content_and_are_kept(browser: Browser) -> None:
    page = browser.get("/")
    links = [*page.links("link[rel=stylesheet], link[rel=icon]"), page.tree.cssselect("script")[0].get("src")]
    assert len(links) == 3
    for link in links:
        answer = browser.get(link)
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
        again = browser.get(link, If_None_Match=answer.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
        assert browser.get(link, If_None_Match='"other"').status == 200
        assert browser.get(link, If_None_Match=f'"x", W/{answer.headers["etag"]}').status == 304
    assert browser.get("/static/style.css?v=old").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["none.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", ""])
def test_nothing_else_is_served(browser: Browser, name: str) -> None:
    assert browser.get(f"/static/{name}").status == 404


def test_answers_are_zipped_where_asked_and_worth_it(browser: Browser) -> None:
    import gzip

    plain, zipped = browser.get("/"), browser.get("/", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["vary"]
    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) < len(plain.body) / 3
    small = browser.get("/api/stats", Accept_Encoding="gzip")
    assert "content-encoding" not in small.headers


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio of two colours '#rgb' or '#rrggbb'."""

    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out(scheme: str) -> None:
    blocks = re.findall(r":root \{([^}]*)\}", STYLE)
    colours = _palette(blocks[0]) | (_palette(blocks[1]) if scheme == "dark" else {})
    for ink in ("ink", "soft", "link", "visited", "bad", "good"):
        for paper in ("paper", "card", "wash"):
            assert _contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
    for ink in ("ink", "link", "visited"):
        assert _contrast(colours[ink], colours["match"]) >= 4.5, ink
    for paper in ("gone", "new"):
        assert _contrast(colours["ink"], colours[paper]) >= 4.5, paper
    assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
    for shape in ("accent", "bar"):
        assert _contrast(colours[shape], colours["paper"]) >= 3, "what is no text needs 3"


def test_a_language_is_the_readers_even_on_errors(browser: Browser) -> None:
    assert replace(browser, language="ru").get("/none").texts("h1") == ["Такой страницы нет"]
