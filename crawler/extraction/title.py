"""The headline: the h1 that the metadata confirms, else the metadata's, without the site's name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from crawler.extraction.address import host_of
from crawler.extraction.blocks import HEADINGS
from crawler.extraction.json_ld import text_of
from crawler.extraction.text import compare_key, fold_space

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.extraction.metadata import Metadata

_SEPARATORS = re.compile(r"\s+[|–—•·»«:/\\]+\s+|\s+-+\s+|\s*\|\s*|\s*::\s*|\s+@\s+")
_SAME = 0.75  # share of equal letters from which two spellings are one headline (measured on saved pages)
_SHORTEST = 3  # letters; less is a placeholder
_LONGEST = 300  # letters; a longer h1 is a wrapper


def headings(root: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """Every h1 with its text, in page order."""
    found = ((element, fold_space(element.text_content())) for element in root.iter("h1"))
    return [(element, text) for element, text in found if text and len(text) <= _LONGEST]


def choose_title(root: HtmlElement, metadata: Metadata, site_names: Iterable[str] = ()) -> str | None:
    """The page's headline.

    An h1 counts when og:title or the JSON-LD headline says nearly the same; a second h1 (a search variant,
    the site's name) does not. Without such an h1 the metadata's headline is taken, then a lone h1, then the
    page title, each without the site's name at its end or start.
    """
    h1s = [text for _, text in headings(root)]
    names = _site_keys(metadata, site_names)
    document = fold_space("".join(root.xpath("(//head/title)[1]//text()")) or "")
    given = [
        metadata.first("og:title"),
        text_of(metadata.article.get("headline")),
        metadata.first("twitter:title", "title", "dc.title", "sailthru.title", "parsely-title"),
    ]
    cuts = (cut_site_name(title, names) for title in given if title)
    known = [cut for cut in cuts if len(compare_key(cut)) >= _SHORTEST]
    for title in known:
        confirmed = next((h1 for h1 in h1s if same_headline(h1, title)), None)
        if confirmed:
            return confirmed
    if not known and h1s:
        return next((h1 for h1 in h1s if compare_key(h1) in compare_key(document)), h1s[0])
    cut = cut_site_name(document, names)
    return next(iter(known), None) or (_first_part(cut) if cut else None)


def title_block(blocks: list[Block], title: str | None, before: int) -> Block | None:
    """The block that shows the headline, the last one above the text; None when the page shows it nowhere."""
    shown = [
        block for block in blocks[:before] if block.tag in HEADINGS and same_headline(block.text, title or "")
    ]
    top = [block for block in shown if block.tag == "h1"] or shown
    return top[-1] if top else None


def same_headline(one: str, other: str) -> bool:
    """Whether two lines are one headline: equal, one inside the other, or alike but for a few words."""
    a, b = compare_key(one), compare_key(other)
    if not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) >= 0.5 * len(long) and short in long:
        return True
    if 2 * len(short) < _SAME * (len(short) + len(long)):  # no ratio can reach it
        return False
    matcher = SequenceMatcher(None, a[:_LONGEST], b[:_LONGEST], autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def cut_site_name(title: str, names: set[str]) -> str:
    """A title without the parts at its ends that only name the site."""
    parts = _SEPARATORS.split(title)
    marks = _SEPARATORS.findall(title)
    while len(parts) > 1 and compare_key(parts[-1]) in names:
        parts, marks = parts[:-1], marks[:-1]
    while len(parts) > 1 and compare_key(parts[0]) in names:
        parts, marks = parts[1:], marks[1:]
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=False)).strip()


def _first_part(title: str) -> str:
    """The page title up to its last bar: what follows is a section or the site's slogan."""
    head, bar, _ = title.rpartition(" | ")
    return head if bar and len(head) >= 15 else title


def _site_keys(metadata: Metadata, site_names: Iterable[str]) -> set[str]:
    host = host_of(metadata.url).removeprefix("www.")
    publisher = metadata.article.get("publisher") or metadata.page.get("publisher")
    given = [
        *metadata.every("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")
    ]
    given += [host, host.rpartition(".")[0], host.partition(".")[0], text_of(publisher) or "", *site_names]
    return {key for name in given if (key := compare_key(name))}
