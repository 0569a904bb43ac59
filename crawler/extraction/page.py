"""`extract`: one page's bytes to `Extracted`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from crawler.decode import decode
from crawler.extraction.binary import NotText, refuse_binary
from crawler.extraction.blocks import read_blocks
from crawler.extraction.body import Body, read_body
from crawler.extraction.byline import authors_of, organisations_of
from crawler.extraction.canonical import canonical_of, source_links_of
from crawler.extraction.clean import clean
from crawler.extraction.extracted import Extracted
from crawler.extraction.layout import drop, fitting_layout, select, select_texts
from crawler.extraction.metadata import image_of, language_of, read_metadata, tags_of
from crawler.extraction.published import Clockwork, Reading, choose_published, declared, modified_of
from crawler.extraction.rescue import rescued
from crawler.extraction.section import section_of
from crawler.extraction.source_lines import split_source_lines
from crawler.extraction.title import choose_title, title_block
from crawler.extraction.tree import MAX_BYTES, EmptyPage, Unreadable, parse
from crawler.extraction.verdict import is_menu, not_an_article, too_short

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.extraction.metadata import Metadata
    from crawler.outcome import Outcome
    from crawler.site import Layout, Site

_MIN_WORDS = 20  # as crawler.site.Articles.min_words, where no site is given
_AROUND = (4, 8)  # blocks before and after the headline in which a page shows its date


@dataclass(frozen=True, slots=True)
class _Page:
    """One parsed page on its way to `Extracted`."""

    root: HtmlElement
    metadata: Metadata
    blocks: list[Block]
    layout: Layout | None
    site: Site | None
    title: str | None
    clock: Clockwork


_UNREADABLE_SHARE = 0.1  # of the characters; damaged pages that people can still read have far fewer


def extract(
    html: bytes,
    url: str,
    site: Site | None = None,
    *,
    now: datetime | None = None,
    charset: str | None = None,
) -> Extracted:
    """Fields of an article's page.

    `url` is the page's final address, `site` gives selectors, time zone and the least length, `charset` is the
    one of the HTTP header. `now` (aware, default the present) is only what relative dates are counted from and
    what makes a date implausible. Never raises: a page that is no article, too short or unreadable has
    `rejected` and `reason` set. `reason` without `rejected` says that the encoding had to be guessed.
    """
    try:
        if len(html) > 4 * MAX_BYTES:
            raise Unreadable(f"page of {len(html):,} bytes, more than the {4 * MAX_BYTES:,} that are decoded")
        refuse_binary(html)
        decoded = decode(html, charset)
        if decoded.text.count("\ufffd") > len(decoded.text) * _UNREADABLE_SHARE:
            raise Unreadable("in no known encoding: a good part of its characters cannot be read")
        page = _read(parse(decoded.text), url, site, now or datetime.now(UTC))
        return _with_doubt(_extracted(page), decoded.doubt)
    except EmptyPage as error:
        return Extracted(rejected="not_an_article", reason=str(error))
    except (NotText, Unreadable) as error:
        return Extracted(rejected="failed", reason=str(error))
    except Exception as error:  # one hostile page must not stop a run; the reason names the fault
        return Extracted(
            rejected="failed", reason=f"extraction failed: {type(error).__name__}: {error}"[:300]
        )


def _with_doubt(found: Extracted, doubt: str | None) -> Extracted:
    """The same with a doubt about the encoding told in its reason."""
    if doubt is None:
        return found
    return replace(found, reason=f"{found.reason}; {doubt}" if found.reason else doubt)


def _read(root: HtmlElement, url: str, site: Site | None, now: datetime) -> _Page:
    metadata = read_metadata(root, url)
    language = (metadata.html_language or "").casefold()
    clock = Clockwork(now, site.zone if site else UTC, month_first=language in ("en-us", "en_us"))
    layout = fitting_layout(root, site, _declared_day(metadata, clock))
    drop(root, layout)
    chosen = select_texts(root, layout.title) if layout else []
    names = [site.title, site.name, *site.domains] if site else []
    title = chosen[0] if chosen else choose_title(root, metadata, names)
    return _Page(root, metadata, read_blocks(root), layout, site, title, clock)


def _declared_day(metadata: Metadata, clock: Clockwork) -> date | None:
    """The day that the metadata gives, for choosing the layout."""
    reading = next(declared(metadata, clock), None)
    return reading.date.moment.date() if reading else None


def _extracted(page: _Page) -> Extracted:
    metadata = page.metadata
    body = _body(page)
    paragraphs, marks = split_source_lines(body.paragraphs)
    published = _published(page)
    rejected, reason = _verdict(page, body)
    menu = is_menu(body)
    return Extracted(
        title=page.title,
        lead=None if menu else body.lead,
        body="" if menu else "\n\n".join(paragraphs),
        source_lines=[] if menu else marks,
        authors=authors_of(page.root, metadata, _selected(page, "author")),
        organisations=organisations_of(metadata),
        published=published.date.moment if published else None,
        precision=published.date.precision if published else "unknown",
        origin=published.origin if published else "first_seen",
        published_zoned=published.date.zoned if published else False,
        modified=modified_of(metadata, page.clock),
        section=next(iter(_selected(page, "section")), None)
        or section_of(page.root, metadata, page.title, page.blocks),
        tags=tags_of(metadata),
        image=image_of(metadata),
        language=language_of(metadata),
        canonical_url=canonical_of(metadata),
        source_links=source_links_of(metadata, page.site),
        rejected=rejected,
        reason=reason,
    )


def _body(page: _Page) -> Body:
    summary = page.metadata.first("og:description", "description", "twitter:description")
    body = read_body(page.root, page.blocks, page.title, summary, page.layout)
    lines = rescued(body, page.metadata.article)
    return body if lines is None else Body(None, clean(lines, page.title, page.blocks))


def _verdict(page: _Page, body: Body) -> tuple[Outcome | None, str | None]:
    reason = not_an_article(page.root, page.blocks, page.metadata, page.title, body)
    if reason:
        return "not_an_article", reason
    reason = too_short(body, page.site.articles.min_words if page.site else _MIN_WORDS)
    return ("too_short", reason) if reason else (None, None)


def _published(page: _Page) -> Reading | None:
    head = title_block(page.blocks, page.title, len(page.blocks))
    place = head.index if head else _AROUND[0]
    near = slice(max(0, place - _AROUND[0]), place + _AROUND[1])
    chosen = select(page.root, page.layout.published) if page.layout else []
    return choose_published(page.root, page.metadata, page.blocks, near, page.clock, chosen)


def _selected(page: _Page, field: str) -> list[str]:
    """What the layout's selector for this field finds."""
    return select_texts(page.root, getattr(page.layout, field)) if page.layout else []
