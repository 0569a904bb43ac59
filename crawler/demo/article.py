"""`SampleArticle`: one article of `articles.toml`, and the words that templates may use for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import format_datetime
from string import Template
from typing import Any, Self
from zoneinfo import ZoneInfo

# fmt: off
RU_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня",
             "июля", "августа", "сентября", "октября", "ноября", "декабря")
EN_MONTHS = ("January", "February", "March", "April", "May", "June",
             "July", "August", "September", "October", "November", "December")
# fmt: on


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One sample article; `copy_of` takes the text of another one instead of having its own."""

    host: str
    path: str  # may have a query, as long as the links have it too
    title: str
    published: datetime | None = None  # aware; None: the page gives no date
    modified: datetime | None = None  # aware
    section: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    lead: str = ""
    dateline: str = ""  # put before the first paragraph
    text: str = ""  # paragraphs parted by a blank line
    copy_of: str = ""  # URL of the article whose text this one republishes
    paragraphs: int | None = None  # how many paragraphs a copy keeps; None: all
    photo: str = ""  # caption
    end: str = ""  # the last line: whose text it is
    lists: tuple[str, ...] = ()  # lists that name the article; empty: all of them

    @classmethod
    def read(cls, host: str, data: Mapping[str, Any]) -> Self:
        """An article from its TOML table; raises ValueError for a field that does not exist."""
        unknown = set(data) - {field.name for field in fields(cls)}
        if unknown or "path" not in data or "title" not in data:
            raise ValueError(f"{host} {data.get('path')}: needs path and title; unknown: {sorted(unknown)}")
        lists = {name: tuple(data[name]) for name in ("tags", "lists") if name in data}
        return cls(host=host, **{**data, **lists})

    @property
    def url(self) -> str:
        """The address of the article's page."""
        return f"http://{self.host}{self.path}"

    def own_paragraphs(self) -> list[str]:
        """Paragraphs of the text, lines joined."""
        return [" ".join(part.split()) for part in self.text.split("\n\n") if part.strip()]


def escape(value: str) -> str:
    """Text for HTML, XML and attributes in double quotes."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def words(
    article: SampleArticle, paragraphs: list[str], parts: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    """Everything a template may name with `$`, escaped. `body`, `lead` and their like are HTML of `parts`."""
    plain = {
        "url": escape(article.url),
        "path": escape(article.path),
        "title": escape(article.title),
        "summary": escape(article.lead or paragraphs[0]),
        "section": escape(article.section),
        "tags": escape(", ".join(article.tags)),
        "title_json": _json(article.title),
        "summary_json": _json(article.lead or paragraphs[0]),
        "author_json": _json(article.author),
        "section_json": _json(article.section),
        **_dates("", article.published, zone),
        **_dates("modified_", article.modified or article.published, zone),
    }
    html = {
        name: _part(parts, name, getattr(article, name), plain) for name in ("lead", "author", "photo", "end")
    }
    return {**plain, **html, "body": _body(paragraphs, parts, plain)}


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("</", "<\\/")


def _part(parts: Mapping[str, str], name: str, value: str, plain: Mapping[str, str]) -> str:
    template = parts.get(name, "<p>$text</p>")
    return Template(template).substitute(plain, text=escape(value)) if value else ""


def _body(paragraphs: list[str], parts: Mapping[str, str], plain: Mapping[str, str]) -> str:
    html = [_part(parts, "paragraph", paragraph, plain) for paragraph in paragraphs]
    if "box" in parts and len(html) > 1:  # after the second paragraph, or the first of two
        html.insert(min(2, len(html) - 1), parts["box"].strip())
    return "\n".join(html)


def _dates(prefix: str, moment: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    names = ("iso", "local", "utc", "rfc", "day", "time", "dots", "ru", "ru_day", "en")
    if moment is None:
        return {prefix + name: "" for name in names}
    local = moment.astimezone(zone)
    clock, ru, en = f"{local:%H:%M}", RU_MONTHS[local.month - 1], EN_MONTHS[local.month - 1]
    values = (
        local.isoformat(),
        f"{local:%Y-%m-%dT%H:%M:%S}",
        f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        format_datetime(local),
        f"{local:%Y-%m-%d}",
        clock,
        f"{local:%d.%m.%Y}",
        f"{local.day} {ru} {local.year}, {clock}",
        f"{local.day} {ru} {local.year}",
        f"{en} {local.day}, {local.year} {clock}",
    )
    return {prefix + name: value for name, value in zip(names, values, strict=True)}
