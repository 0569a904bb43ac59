"""Whether a page is an article at all, and long enough; the reason in words when it is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.address import host_of, path_of
from crawler.extraction.blocks import HEADINGS
from crawler.extraction.json_ld import ARTICLE_TYPES, types
from crawler.extraction.text import count_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.extraction.body import Body
    from crawler.extraction.metadata import Metadata

_SENTENCE = re.compile(r"""[.!?…][)"'»”’\]]*(?:\s|$)|[。！？।]""")
_MISSING = re.compile(
    r"\b(?:(?:error|ошибка|fehler) 40[34]|40[34] (?:error|not found|forbidden|ошибка)|"
    r"page (?:not found|doesn'?t exist|does not exist|cannot be found)|"
    r"страница (?:не найдена|удалена|не существует)|сторінку не знайдено|seite (?:wurde )?nicht gefunden|"
    r"just a moment|are you a robot|проверка браузера|доступ (?:ограничен|запрещ[её]н)$)"
    r"|^\W*(?:40[34]|not found|access denied|forbidden|не найдено|captcha)\W*$",
    re.I,
)
_SEARCH = re.compile(
    r"^(?:search\b|поиск\b|результаты? поиска|результати пошуку|such(?:e|ergebnisse)\b)", re.I
)
_SEARCH_PATH = re.compile(r"(?:^|/)(?:search|poisk|suche|find)(?:/|\.|$)", re.I)
_LOGIN = re.compile(
    r"^(?:log ?in|sign ?in|вход|войти|авторизация|регистрация|увійти|anmelden|anmeldung)"
    r"(?: (?:to|in|на|в) (?:your account|личный кабинет|систему|сайт|аккаунт|профиль))?\W*$",
    re.I,
)
_LIST_TYPES = frozenset(
    ("CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList", "ImageGallery", "MediaGallery")
)
_SHORT_NOTICE = 120  # words; an error page's text is shorter, an article about error pages longer
_TEXT_TAGS = HEADINGS | {"p", "blockquote", "pre"}
_INDEX_HEADLINES = 4
_FEW = 20  # words; so short a text without a sentence is a label (gallery, player, form)
_MENU_WORDS = 12  # mean words a line below which lines without sentences are a menu


def not_an_article(
    root: HtmlElement, blocks: list[Block], metadata: Metadata, title: str | None, body: Body
) -> str | None:
    """Why the page is no article, None when it is one."""
    words = count_words(_text(body))
    named = title or ""
    if words == 0:
        return "no article text found"
    if words < _SHORT_NOTICE and _MISSING.search(named):
        return f"an error page: {named[:80]!r}"
    if _SEARCH.match(named) and _SEARCH_PATH.search(path_of(metadata.url)):
        return "a page of search results"
    if _LOGIN.match(named) and root.xpath("boolean(//input[@type='password'])") and not _declares(metadata):
        return "a login page"
    if is_menu(body) or (words < _FEW and not _SENTENCE.search(_text(body))):
        return "no sentences, only menus or lists"
    return _is_index(blocks, metadata, body)


def _is_index(blocks: list[Block], metadata: Metadata, body: Body) -> str | None:
    """Why the page lists other articles; a page that calls itself an article never does."""
    if _declares(metadata):
        return None
    if host_of(metadata.url) and not path_of(metadata.url):
        return "the site's front page"
    headlines = _linked_headlines(blocks, body)
    if headlines >= _INDEX_HEADLINES and 2 * headlines >= len(body.lines):
        return f"an index page: {headlines} linked headlines among {len(body.lines)} lines"
    listed = _LIST_TYPES & {name for node in metadata.nodes for name in types(node)}
    teasers = [text for text in body.paragraphs if text.rstrip().endswith(("...", "…"))]
    if listed and len(teasers) * 3 > len(body.lines):
        return f"a list of articles ({', '.join(sorted(listed))})"
    return None


def _linked_headlines(blocks: list[Block], body: Body) -> int:
    """Lines of the text that stand right under a headline which is a link."""
    above = (blocks[line.block.index - 1] for line in body.lines if line.block and line.block.index)
    return sum(1 for block in above if block.link_share > 0.9 and len(block.text) >= 15)


def too_short(body: Body, least: int) -> str | None:
    """Why the text is too short, None when it has at least `least` words."""
    words = count_words(_text(body))
    return f"{words} words, fewer than {least}" if words < least else None


def is_menu(body: Body) -> bool:
    """Whether the text is navigation: short lines outside paragraphs, and hardly a sentence among them."""
    texts = [*([body.lead] if body.lead else []), *body.paragraphs]
    letters = sum(map(len, texts))
    sentences = sum(len(text) for text in texts if len(text) >= 40 and _SENTENCE.search(text))
    words = count_words(" ".join(texts))
    marked = sum(1 for line in body.lines if line.block and line.block.tag in _TEXT_TAGS)
    if marked > 0.1 * len(texts):
        return False
    return len(texts) >= 5 and sentences < 0.15 * letters and words < _MENU_WORDS * len(texts)


def _declares(metadata: Metadata) -> bool:
    """Whether the page's metadata calls it an article."""
    kind = (metadata.first("og:type") or "").casefold()
    return kind == "article" or bool(types(metadata.article) & ARTICLE_TYPES)


def _text(body: Body) -> str:
    return " ".join([body.lead or "", *body.paragraphs])
