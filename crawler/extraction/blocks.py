"""The page as its text blocks in reading order, each with where it stands.

A block is a run of text between two block-level tags or line breaks. All rules that tell an article
from the rest of its page work on this one list, so the tree is walked once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from crawler.extraction.text import compare_key, fold_space

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Elements that start a new line (HTML Living Standard, section 15.3 "Flow content", and table parts).
BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "select",
        "button",
        "textarea",
        "object",
        "audio",
        "video",
        "canvas",
        "math",
        "head",
        "input",
        "datalist",
        "map",
    ]
)
_CAPTION_TAGS = frozenset(("figure", "figcaption", "caption"))
APART_TAGS = frozenset(("aside", "nav", "footer", "menu"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Words of class and id names; a name is cut at '-', '_', blanks and capitals first.
_BOX_WORDS = re.compile(
    r"\b(?:related|recommend\w*|partners?|newsletter\w*|adverts?|advertis\w+|sponsor\w*|taboola|outbrain|"
    r"read ?(?:more|also|next)|see ?also|more ?on|more ?news|most ?read|popular|trending|comments?|respond|disqus|"
    r"tag ?list|breadcrumbs?|cookie\w*|author ?bio|about ?author|latest ?news|other ?news|similar|upsell)\b"
)
_CAPTION_WORDS = re.compile(
    r"\b(?:captions?|credits?|photo (?:author|credit|caption|source)|image (?:caption|credit))\b"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NAME_CUTS = re.compile(r"[-_\s]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Place:
    """What the elements around a block say: the outermost one of each kind, or None."""

    box: HtmlElement | None = None
    caption: HtmlElement | None = None
    hidden: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text; `linked` counts the characters that stand inside links."""

    index: int
    text: str
    key: str  # compare_key(text)
    linked: int
    owner: HtmlElement  # nearest block-level element around it
    place: Place

    @property
    def tag(self) -> str:
        """Tag of the owner: 'p', 'li', 'h2'."""
        return str(self.owner.tag)

    @property
    def link_share(self) -> float:
        """Share of the text that is link text, 0 to 1."""
        return min(1.0, self.linked / len(self.text))


def read_blocks(root: HtmlElement) -> list[Block]:
    """Every text block below root, in document order."""
    reader = _Reader(root)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            reader.leave(element)
        elif element.tag in _SILENT_TAGS or not isinstance(element.tag, str):
            walk.skip_subtree()
            reader.skipped(element)
        else:
            reader.enter(element)
    reader.flush()
    return reader.blocks


class _Reader:
    """State of the walk: the block being filled and the places of the open elements."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self._root = root
        self._owners = [root]
        self._places = [Place()]
        self._silent: set[HtmlElement] = set()
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._names: dict[tuple[str | None, str | None], tuple[bool, bool]] = {}

    def enter(self, element: HtmlElement) -> None:
        if element.tag in BLOCK_TAGS:
            self.flush()
            self._owners.append(element)
        elif element.tag == "br":
            self.flush()
        elif element.tag == "a":
            self._links += 1
        self._places.append(self._place(element))
        self._add(element.text)

    def skipped(self, element: HtmlElement) -> None:
        self._silent.add(element)

    def leave(self, element: HtmlElement) -> None:
        if element in self._silent:
            self._silent.discard(element)
        else:
            if element.tag in BLOCK_TAGS:
                self.flush()
                self._owners.pop()
            elif element.tag == "a":
                self._links -= 1
            self._places.pop()
        if element is not self._root:
            self._add(element.tail)

    def flush(self) -> None:
        text = fold_space("".join(self._parts)) if self._parts else ""
        if text:
            key = compare_key(text)
            self.blocks.append(
                Block(len(self.blocks), text, key, self._linked, self._owners[-1], self._places[-1])
            )
        self._parts.clear()
        self._linked = 0

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._links:
                self._linked += len(text)

    def _place(self, element: HtmlElement) -> Place:
        here = self._places[-1]
        box, caption = self._named(element)
        hidden = _is_hidden(element)
        if not (box or caption or hidden):
            return here
        return Place(
            here.box if here.box is not None or not box else element,
            here.caption if here.caption is not None or not caption else element,
            here.hidden if here.hidden is not None or not hidden else element,
        )

    def _named(self, element: HtmlElement) -> tuple[bool, bool]:
        """Whether tag, class or id make the element a box, and a caption."""
        box, caption = _is_apart(element), element.tag in _CAPTION_TAGS
        names = element.get("class"), element.get("id")
        if names == (None, None) or element.tag in ("html", "body"):
            return box, caption
        found = self._names.get(names)
        if found is None:
            words = _NAME_CUTS.sub(" ", f"{names[0] or ''} {names[1] or ''}").casefold()
            found = bool(_BOX_WORDS.search(words)), bool(_CAPTION_WORDS.search(words))
            self._names[names] = found
        return box or found[0], caption or found[1]


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _is_apart(element: HtmlElement) -> bool:
    """Navigation and the like, or kept from search results' snippets by the site itself (data-nosnippet)."""
    return element.tag in APART_TAGS or element.get("data-nosnippet") is not None
