"""What a visitor asks for, as the address of the page carries it: every link is a permalink."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from index.search.query import Sort
from index.web.language import LANGUAGES
from index.web.zones import zone_name

PAGE = 10  # hits
MOST_ON_A_PAGE = 100
LAST_PAGE = 999_999
_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_ESCAPED = re.compile(r"""[^\w.~():,-]|[\ud800-\udfff]""")


class BadParameter(ValueError):
    """A parameter of the address that means nothing; `name` and `value` say which."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value}")
        self.name, self.value = name, value


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as a visitor asks for it. '' and None are what the server or the browser decides."""

    text: str = ""
    copies: bool = False
    sort: Sort | None = None
    page: int = 1
    limit: int = PAGE
    zone: str = ""
    lang: str = ""

    @property
    def offset(self) -> int:
        """Hits before the first of the page."""
        return (self.page - 1) * self.limit

    def but(self, **changes: Any) -> Asked:
        """The same with changes, from the first page on where they name no page."""
        return replace(self, **{"page": 1} | changes)

    @property
    def bare(self) -> Asked:
        """The same reader, who asks for nothing in particular."""
        return self.but(text="", copies=False, sort=None)

    def link(self, path: str = "/", **changes: Any) -> str:
        """The address, as a path with its parameters; letters stay as they are, browsers escape them."""
        asked = self.but(**changes) if changes else self
        pairs = [f"{name}={_escaped(value)}" for name, value in asked.parameters().items()]
        return path + ("?" + "&".join(pairs) if pairs else "")

    def elsewhere(self, path: str, *, page: int = 1) -> str:
        """The address of a page that is no search, in the same zone and language."""
        return Asked(page=page, zone=self.zone, lang=self.lang).link(path, page=page)

    def parameters(self) -> dict[str, str]:
        """The parameters that are not at their defaults."""
        values = {
            "q": self.text,
            "copies": "1" if self.copies else "",
            "sort": self.sort or "",
            "page": str(self.page) if self.page > 1 else "",
            "limit": str(self.limit) if self.limit != PAGE else "",
            "zone": self.zone,
            "lang": self.lang,
        }
        return {name: value for name, value in values.items() if value}


def asked_of(parameters: Mapping[str, str]) -> Asked:
    """Reads the parameters of an address, unknown ones left alone; raises `BadParameter`."""
    sort = _one_of("sort", parameters, get_args(Sort))
    return Asked(
        text=parameters.get("q", "").strip(),
        copies=_one_of("copies", parameters, ("1", "0")) == "1",
        sort=cast(Sort, sort) if sort else None,
        page=_number("page", parameters, 1, LAST_PAGE),
        limit=_number("limit", parameters, PAGE, MOST_ON_A_PAGE),
        zone=_zone(parameters),
        lang=_one_of("lang", parameters, LANGUAGES),
    )


def understood(parameters: Mapping[str, str]) -> Asked:
    """What an address asks for, without those of its parameters that mean nothing: an error loses nothing else."""
    left = dict(parameters)
    while True:
        try:
            return asked_of(left)
        except BadParameter as bad:
            del left[bad.name]


def _zone(parameters: Mapping[str, str]) -> str:
    typed = parameters.get("zone", "").strip()
    name = zone_name(typed)
    if typed and not name:
        raise BadParameter("zone", typed)
    return name


def _one_of(
    name: Literal["sort", "copies", "lang"], parameters: Mapping[str, str], known: tuple[str, ...]
) -> str:
    value = parameters.get(name, "")
    if value and value not in known:
        raise BadParameter(name, value)
    return value


def _number(name: str, parameters: Mapping[str, str], default: int, most: int) -> int:
    value = parameters.get(name, "")
    if not value:
        return default
    if not _NUMBER.fullmatch(value) or int(value) > most:
        raise BadParameter(name, value)
    return int(value)


def _escaped(text: str) -> str:
    """Percent-encoded, but for letters and digits of any script: half the size of a page of Russian links."""
    return _ESCAPED.sub(_percent, text)


def _percent(match: re.Match[str]) -> str:
    if match[0] == " ":
        return "+"
    return "".join(f"%{byte:02X}" for byte in match[0].encode(errors="replace"))
