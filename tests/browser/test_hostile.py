"""Attacks in articles, addresses and queries: nothing runs, and no page has an element that our own pages lack.

The policy that forbids foreign scripts is switched off here, so that a script that gets into a page would run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from tests.browser import corpus
from tests.browser.pages import PAGES, pages_of
from tests.browser.visitor import PHONE, Visit, Visitor

pytestmark = pytest.mark.xdist_group("browser-hostile")
IDS = [f"{n:032x}" for n in range(len(corpus.TEXTS))]
LISTS = ("/?copies=1&limit=100", "/?q=мост&copies=1&limit=100&lang=ru", "/?q=мост+ran&limit=100")
_FOUND = """(text) => {
  const page = text === null ? document : new DOMParser().parseFromString(text, "text/html");
  const names = (root) => [...root.querySelectorAll("*")].map((each) => each.tagName);
  const all = [...page.querySelectorAll("*")];
  const again = new DOMParser().parseFromString(page.documentElement.outerHTML, "text/html");
  const scheme = (url) => URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).protocol : url;
  const urls = (each) => ["href", "src", "action", "data", "formaction", "xlink:href"]
    .filter((name) => each.hasAttribute(name))
    .map((name) => [each.tagName, scheme(each.getAttribute(name))]);
  return {
    names: [...new Set(names(page))],
    attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))],
    addresses: [...new Set(all.flatMap(urls).map(String))],
    scripts: [...page.scripts].map((each) => each.getAttribute("src") + each.text),
    stable: String(names(page)) === String(names(again)),
  };
}"""


def short(text: str) -> str:
    """How a test is named after an attack."""
    return ascii(text)[1:41]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page is made of, without its texts."""

    names: frozenset[str]
    attributes: frozenset[str]
    addresses: frozenset[str]  # elements with the schemes of what they load or lead to: 'A,https:'
    scripts: Sequence[str]
    stable: bool  # written down and read again it is the same page

    def __or__(self, other: Seen) -> Seen:
        """Either."""
        return Seen(
            self.names | other.names,
            self.attributes | other.attributes,
            self.addresses | other.addresses,
            self.scripts,
            self.stable and other.stable,
        )


def seen(reader: Visitor, text: str | None = None) -> Seen:
    """What the page is made of that is open, or a `text` when it is read as HTML."""
    found = reader.page.evaluate(_FOUND, text)
    names, attributes, addresses = (frozenset(found[key]) for key in ("names", "attributes", "addresses"))
    return Seen(names, attributes, addresses, found["scripts"], found["stable"])


@pytest.fixture(scope="module")
def ours(request: pytest.FixtureRequest) -> list[Seen]:
    """What pages over harmless articles are made of; found by the first test that asks."""
    return []


@pytest.fixture
def known(ours: list[Seen], visit: Visit, sqlite_site: str) -> Seen:
    """The union of all our pages, as they are and with all that unfolds open."""
    if not ours:
        reader = visit(sqlite_site)
        for shown in PAGES:
            reader.open(shown.path)
            closed = seen(reader)
            reader.open_details()
            every = closed | seen(reader)
            ours[:] = [ours[0] | every] if ours else [every]
    return ours[0]


def assert_harmless(reader: Visitor, known: Seen) -> None:
    """Only elements, attributes and schemes that our own pages have, and our one script."""
    found = seen(reader)
    assert found.names <= known.names
    assert found.attributes <= known.attributes
    assert found.addresses <= known.addresses
    assert list(found.scripts) == list(known.scripts)
    assert found.stable


@pytest.fixture
def victim(visit: Visit, hostile: str) -> Visitor:
    """Someone who reads the attacks, unprotected."""
    return visit(hostile, bypass_csp=True)


@pytest.mark.parametrize("path", LISTS)
def test_lists_of_attacks(victim: Visitor, known: Seen, path: str) -> None:
    assert victim.open(path) == 200
    assert victim.page.locator(".hit").count() == (1 if "copies" not in path else len(IDS))
    assert_harmless(victim, known)
    victim.open_details()
    assert_harmless(victim, known)


@pytest.mark.parametrize("number", range(len(pages_of("", ""))))
def test_pages_about_attacks(
    victim: Visitor, known: Seen, hostile: str, sqlite_hostile: str, number: int
) -> None:
    """All attacks on SQLite, one in eight on Elasticsearch: the same templates show them."""
    copies = IDS[1:] if hostile == sqlite_hostile else IDS[1::8]
    paths = dict.fromkeys(pages_of(IDS[0], each)[number] for each in copies)
    for path in paths:
        assert victim.open(path) == 200, path
        assert_harmless(victim, known)
        victim.open_details()
        assert_harmless(victim, known)


@pytest.mark.parametrize("path", [*LISTS, *pages_of(IDS[0], IDS[-1])])
def test_no_letters_push_a_page_out_of_a_phone(visit: Visit, sqlite_hostile: str, path: str) -> None:
    reader = visit(sqlite_hostile, size=PHONE)
    reader.open(path)
    reader.open_details()
    width = reader.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]


def test_letters_that_turn_the_direction_turn_only_their_own_text(visit: Visit, sqlite_hostile: str) -> None:
    """Site, then time, stand in their order from the left in every hit, whatever the words beside them do."""
    reader = visit(sqlite_hostile)
    reader.open("/?copies=1&limit=100")
    reader.open_details()
    turned = reader.page.evaluate(
        """() => [...document.querySelectorAll(".about, #copies li, .copies li")].filter((line) => {
          const [site, time] = [".site", "time"].map((css) => [...line.querySelector(css).getClientRects()]);
          return time.some((one) => site.some((other) => one.left < other.right - 1 && one.top < other.bottom - 1));
        }).map((line) => line.textContent)"""
    )
    assert turned == []


@pytest.mark.parametrize("text", [*corpus.TEXTS, *corpus.QUERIES], ids=short)
def test_queries(visit: Visit, sqlite_hostile: str, known: Seen, text: str) -> None:
    """As they would be typed into the box, and as the value of a filter."""
    reader = visit(sqlite_hostile, bypass_csp=True)
    reader.open(f"/?copies=1&q={quote(text)}&x={quote(text)}")
    assert_harmless(reader, known)
    assert reader.page.input_value("#q") == typed(text)
    value = text.replace('"', "")
    reader.open("/?q=" + quote(f'мост -section:"{value}" title:"{value}"'))
    assert_harmless(reader, known)


@pytest.mark.parametrize("text", corpus.LEAVING, ids=short)
def test_parameters(visit: Visit, sqlite_hostile: str, known: Seen, text: str) -> None:
    reader = visit(sqlite_hostile, bypass_csp=True)
    for name in ("zone", "lang", "page"):
        assert reader.open(f"/?{name}={quote(text)}") == 400
        assert_harmless(reader, known)


def typed(text: str) -> str:
    """What the box shows of a text: on one line, without NUL, which HTML cannot write, and what turns directions."""
    line = text.strip().replace("\x00", "\ufffd").replace("\r", "").replace("\n", "")
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", line)


@pytest.mark.parametrize("code", corpus.BYTES)
def test_damaged_addresses(visit: Visit, sqlite_hostile: str, known: Seen, code: str) -> None:
    reader = visit(sqlite_hostile, bypass_csp=True)
    for path in (f"/?q={code}", f"/?q=site:{code}&sort={code}", f"/{code}", f"/story/{code}/copies"):
        assert reader.open(path) in {200, 400, 404}, path
        assert_harmless(reader, known)


def test_facets_and_chips_of_attacks(visit: Visit, sqlite_hostile: str, known: Seen) -> None:
    """A filter taken from a facet is a chip above the hits, which the next page says in its name, too."""
    reader = visit(sqlite_hostile, bypass_csp=True)
    reader.open("/?copies=1&limit=100")
    links = reader.page.evaluate("[...document.querySelectorAll('.facets li a')].map((each) => each.href)")
    assert len(links) > 30
    for link in links[::6]:
        reader.open(link.removeprefix(reader.base))
        assert reader.page.locator(".chips a").count() == 1
        assert_harmless(reader, known)


def test_the_corpus_is_wide() -> None:
    texts = {*corpus.TEXTS, *corpus.QUERIES, *corpus.ADDRESSES, *corpus.BYTES}
    assert len(texts) > 100
    assert len(corpus.TEXTS) <= 100, "all stand on one page of hits"
    assert len(corpus.ADDRESSES) < len(corpus.TEXTS), "every address has its article"


@pytest.mark.parametrize("text", [*corpus.MARKUP, *corpus.LEAVING], ids=short)
def test_attacks_that_succeed_are_seen(visit: Visit, sqlite_site: str, known: Seen, text: str) -> None:
    """Put into a page unescaped, each leaves an element or attribute that ours lack: so the other tests would fail."""
    reader = visit(sqlite_site, bypass_csp=True)
    reader.open("/")
    places = ("<title>{}</title>", "<textarea>{}</textarea>", "<p>{}</p>", '<p title="{}">', "<p title='{}'>", "<!--{}-->",
              "<p title=`{}`>", "<svg><desc><![CDATA[{}]]></desc></svg>")  # fmt: skip
    written = [place.replace("{}", text) for place in places]
    found = [seen(reader, f"<!doctype html>{each}") for each in written]
    ours = [seen(reader, f"<!doctype html>{each.replace('{}', 'x')}") for each in places]
    assert any(
        one.names - other.names - known.names
        or one.attributes - other.attributes - known.attributes
        or one.scripts != other.scripts
        for one, other in zip(found, ours, strict=True)
    )
