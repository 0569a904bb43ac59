"""axe-core objects to no page, in either language and scheme, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.backend import Backend, IndexUnreachable
from index.engine import open_index
from index.web.server import served
from tests.browser.axe import violations
from tests.browser.pages import PAGES, Shown
from tests.browser.visitor import DESKTOP, PHONE, Scheme, Visit, Visitor
from tests.index.web.conftest import options_for

pytestmark = pytest.mark.xdist_group("browser-axe")
NODE = pytest.mark.elasticsearch
LOOKS: tuple[tuple[Scheme, tuple[int, int]], ...] = (
    ("light", DESKTOP),
    ("dark", DESKTOP),
    ("light", PHONE),
    ("dark", PHONE),
)


def objections(reader: Visitor, axe: str) -> list[tuple[Scheme, int, str]]:
    """What axe finds in each look, all that unfolds being open in the last two."""
    found = []
    for number, (scheme, size) in enumerate(LOOKS):
        reader.look(scheme, size)
        if number == 2:
            reader.open_details()
        objected = violations(reader.page, axe, of_looks=number % 2 == 1)
        found += [(scheme, size[0], each) for each in objected]
    return found


@pytest.mark.parametrize(
    ("site", "locale"),
    [("sqlite", "en"), ("sqlite", "ru"), pytest.param("elasticsearch", "ru", marks=NODE)],
    indirect=["site"],
)
@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_no_page_is_objected_to(visit: Visit, site: str, axe: str, shown: Shown, locale: str) -> None:
    reader = visit(site, locale=locale)
    assert reader.open(shown.path) == shown.status
    assert objections(reader, axe) == []


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """An index without articles."""
    address = f"sqlite:///{tmp_path}/empty.db"
    with closing(open_index(address)):
        pass
    with served(options_for(address)) as base:
        yield base


@pytest.fixture
def away() -> Iterator[str]:
    """An index that does not answer."""

    def opening() -> Backend:
        raise IndexUnreachable("https://es.example does not answer: refused")

    with served(replace(options_for("sqlite:///unused"), open=opening)) as base:
        yield base


@pytest.mark.parametrize(("name", "status"), [("empty", 200), ("away", 503)])
@pytest.mark.parametrize("locale", ["en", "ru"])
def test_nor_to_a_page_without_articles(
    visit: Visit, axe: str, request: pytest.FixtureRequest, name: str, status: int, locale: str
) -> None:
    reader = visit(request.getfixturevalue(name), locale=locale)
    assert reader.open("/") == status
    assert objections(reader, axe) == []


def test_axe_would_object(visit: Visit, sqlite_site: str, axe: str) -> None:
    """A page that is spoilt on purpose: a field without a label, pale letters, a level of headings left out, links too close to tap."""
    reader = visit(sqlite_site)
    reader.open("/?q=мост")
    reader.page.evaluate(
        """() => {
          document.querySelector("label[for=q]").remove();
          document.querySelector("#q").removeAttribute("placeholder");
          document.querySelector("h1").insertAdjacentHTML("beforeend", "<h5>x</h5>");
          document.querySelector("main").insertAdjacentHTML("beforeend", "<p id=pale>pale</p>");
          document.querySelector("#pale").style.color = "#ccc";
          for (const name of ["one", "other"]) {
            const button = document.createElement("button");
            Object.assign(button.style, { width: "9px", height: "9px", padding: 0 });
            button.ariaLabel = name;
            document.querySelector("main").append(button);
          }
        }"""
    )
    rules = {each.partition(":")[0] for each in violations(reader.page, axe)}
    assert {"label", "color-contrast", "heading-order", "target-size"} <= rules
