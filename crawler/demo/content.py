"""From a folder of sample sites to pages: `pages/<host>/`, and `second/<host>/` laid over it.

A host's folder holds files that are served at their path, and four that are not: `host.toml` (how the
site answers), `articles.toml` (its articles), `article.html` (how a page of an article looks). In any
text file a block `<!-- each NAME 1-5 -->…<!-- end -->` is repeated for the articles of the list NAME,
newest first: so feeds, sitemaps and listings are files too. `crawler/demo/README.md` has the whole of it.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from crawler.demo.article import SampleArticle, words
from crawler.demo.page import CONTENT_TYPES, HTML, Answer, Page

CLOCKS = (datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 20, 15, tzinfo=UTC))
"""The time of each edition: what `now` is in the first and in the second run of the demo."""

LAYERS = ("pages", "second")
NOT_SERVED = {"host.toml", "articles.toml", "article.html"}
EACH = re.compile(r"[ \t]*<!-- each (\w+)(?: (\d+)-(\d+))? -->\n?(.*?)[ \t]*<!-- end -->\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the sites answer at one time: pages by absolute URL."""

    pages: Mapping[str, Answer]
    clock: datetime | None = None  # None: the real one


@dataclass(frozen=True, slots=True)
class Host:
    """How one host sends its pages (`host.toml`), what it has written, and its files by path."""

    name: str
    encoding: str = "utf-8"
    charset: str | None = None  # what Content-Type says; None: the encoding; "": nothing
    zone: str = "UTC"
    parts: Mapping[str, str] = field(default_factory=dict)  # HTML of lead, paragraph, box, photo, author, end
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by path: what differs there
    articles: tuple[SampleArticle, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    layout: str = ""


def read_editions(folder: Path) -> list[Edition]:
    """All editions of a folder. Last-Modified of a page is the clock of the edition that changed it."""
    hosts = [read_hosts(folder, LAYERS[: count + 1]) for count in range(len(CLOCKS))]
    texts = {article.url: article for edition in hosts for host in edition for article in host.articles}
    editions: list[Edition] = []
    for clock, edition in zip(CLOCKS, hosts, strict=True):
        before = editions[-1].pages if editions else {}
        pages = {url: page for host in edition for url, page in _pages(host, texts)}
        editions.append(
            Edition({url: _dated(page, before.get(url), clock) for url, page in pages.items()}, clock)
        )
    return editions


def read_hosts(folder: Path, layers: Sequence[str] = LAYERS) -> list[Host]:
    """The hosts of a folder with the given layers laid over each other, last one on top."""
    names = {path.name for layer in layers for path in (folder / layer).glob("*") if path.is_dir()}
    return [_read_host(name, [folder / layer / name for layer in layers]) for name in sorted(names)]


def paragraphs_of(article: SampleArticle, texts: Mapping[str, SampleArticle]) -> list[str]:
    """The paragraphs on an article's page, dateline included; `texts` has the articles that are copied."""
    found = texts[article.copy_of].own_paragraphs() if article.copy_of else article.own_paragraphs()
    found = found[: article.paragraphs]
    if not found:
        raise ValueError(f"{article.url}: no text")
    return [f"{article.dateline} {found[0]}".strip(), *found[1:]]


def _read_host(name: str, folders: Sequence[Path]) -> Host:
    settings: dict[str, Any] = {}
    articles: dict[str, dict[str, Any]] = {}
    files: dict[str, bytes] = {}
    for folder in folders:
        settings |= _toml(folder / "host.toml")
        for data in _toml(folder / "articles.toml").get("article", []):
            articles[data["path"]] = articles.get(data["path"], {}) | data
        files |= {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)}
    layout = files.get("article.html", b"").decode()
    served = {_served_at(path): data for path, data in files.items() if path not in NOT_SERVED}
    read = tuple(SampleArticle.read(name, data) for data in articles.values())
    return Host(name, **settings, articles=read, files=served, layout=layout)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _served_at(path: str) -> str:
    return "/" + path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else "/" + path


def _pages(host: Host, texts: Mapping[str, SampleArticle]) -> Iterator[tuple[str, Page]]:
    zone = ZoneInfo(host.zone)
    newest = sorted(host.articles, key=lambda each: each.published or CLOCKS[0].replace(year=1), reverse=True)
    named = {each.path: words(each, paragraphs_of(each, texts), host.parts, zone) for each in newest}
    for path, data in host.files.items():
        suffix = ".gz" if host.rules.get(path, {}).get("gzip_file") else ""
        yield f"http://{host.name}{path}{suffix}", _page(host, path, _expand(data, newest, named))
    for article in newest:
        html = _fill(host.layout, newest, named, article)
        yield article.url, _page(host, article.path, html.encode())
    for path, rule in host.rules.items():
        if "status" in rule and path not in host.files and path not in named:
            yield f"http://{host.name}{path}", _page(host, path, b"")


def _expand(data: bytes, newest: Sequence[SampleArticle], named: Mapping[str, Mapping[str, str]]) -> bytes:
    try:
        return _fill(data.decode(), newest, named, None).encode()
    except UnicodeDecodeError:  # a picture, or damaged on purpose: sent as it is
        return data


def _fill(
    template: str,
    newest: Sequence[SampleArticle],
    named: Mapping[str, Mapping[str, str]],
    article: SampleArticle | None,
) -> str:
    """A template with its blocks repeated; outside of them `$` counts only on the page of an article."""
    result, done = [], 0
    for block in EACH.finditer(template):
        result += [
            _own(template[done : block.start()], named, article),
            _repeat(block, newest, named, article),
        ]
        done = block.end()
    return "".join([*result, _own(template[done:], named, article)])


def _own(template: str, named: Mapping[str, Mapping[str, str]], article: SampleArticle | None) -> str:
    return Template(template).substitute(named[article.path]) if article else template


def _repeat(
    block: re.Match[str],
    newest: Sequence[SampleArticle],
    named: Mapping[str, Mapping[str, str]],
    article: SampleArticle | None,
) -> str:
    name, first, last, template = block.groups()
    listed = [each for each in newest if each is not article and (not each.lists or name in each.lists)]
    chosen = listed[int(first) - 1 : int(last)] if first else listed
    return "".join(Template(template).substitute(named[each.path]) for each in chosen)


def _page(host: Host, path: str, data: bytes) -> Page:
    rule = host.rules.get(path, {})
    body = _transcode(data, rule.get("encoding", host.encoding))
    if rule.get("gzip_file"):
        return Page(gzip.compress(body, mtime=0), headers={"Content-Type": "application/gzip"})
    headers = {"Content-Type": rule.get("type") or _content_type(host, path, rule), **rule.get("headers", {})}
    return Page(body, rule.get("status", 200), headers)


def _transcode(data: bytes, encoding: str) -> bytes:
    # Letters that a charset lacks (koi8-r has no quotes and dashes) become references, as on real sites.
    return data if encoding == "utf-8" else data.decode().encode(encoding, "xmlcharrefreplace")


def _content_type(host: Host, path: str, rule: Mapping[str, Any]) -> str:
    kind = CONTENT_TYPES.get(Path(path).suffix, HTML).partition(";")[0]
    if kind.startswith("image/"):
        return kind
    truth = rule.get("encoding", host.encoding)
    declared = rule.get("charset", truth if host.charset is None or "encoding" in rule else host.charset)
    return f"{kind}; charset={declared}" if declared else kind


def _dated(page: Page, before: Answer | None, clock: datetime) -> Page:
    if isinstance(before, Page) and replace(before, modified=None) == page:
        return before
    return replace(page, modified=clock)
