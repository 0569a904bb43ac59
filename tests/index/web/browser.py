"""A visitor of a served search page: real requests over loopback, answers as trees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from lxml import html

_SAFE = "/?&=%+:,~()!*'\"@;.-_"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def texts(self, css: str) -> list[str]:
        """The text of each element, blanks folded."""
        return [" ".join(found.text_content().split()) for found in self.tree.cssselect(css)]

    def links(self, css: str) -> list[str]:
        return [found.get("href") for found in self.tree.cssselect(css)]

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        found = [each for each in self.tree.cssselect("a") if " ".join(each.text_content().split()) == text]
        assert len(found) == 1, [each.text_content() for each in self.tree.cssselect("a")]
        link: str = found[0].get("href")
        return link


@dataclass(frozen=True)
class Browser:
    """Asks one server; `headers` go with every request."""

    base: str
    language: str = "en"

    def get(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask for a path, its letters escaped as browsers do; `_` in a header's name stands for `-`."""
        with closing(HTTPConnection(urlsplit(self.base).netloc, timeout=30)) as connection:
            sent = {"Accept-Language": self.language}
            sent |= {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, quote(path, safe=_SAFE), body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def search(self, text: str = "", **parameters: str) -> Answer:
        """The search page of a query."""
        pairs = {"q": text} | parameters
        return self.get("/?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items()))
