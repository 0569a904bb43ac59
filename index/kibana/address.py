"""`Address`: where Kibana is, with the base path that a proxy may put before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from index.settings import SettingsError

DEFAULT_SPACE = "default"
_PORTS = {"http": 80, "https": 443}
_SPACE = re.compile(r"[a-z0-9_-]{1,100}")  # what Kibana allows as the identifier of a space
_INSIDE = re.compile(r"^(.*?)/(app|s|api|login|spaces)(/|$)")  # paths that begin below the base path


@dataclass(frozen=True, slots=True)
class Address:
    """An address of Kibana: `base` is '' or '/kibana', `netloc` the host with the port that was given."""

    scheme: str
    host: str
    port: int
    netloc: str
    base: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Read an http(s) address, the port may be left out; raises `SettingsError`, without showing credentials."""
        if "@" in text:
            raise SettingsError(
                "Kibana's address holds credentials, which end up in process lists and logs: set "
                "SVODKA_KIBANA_API_KEY, or SVODKA_KIBANA_USERNAME and _PASSWORD, instead"
            )
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
            host.encode("idna")
        except ValueError:  # UnicodeError is one: a label that is empty or too long
            host, port = "", 0
        if not host or not port:
            raise SettingsError(
                "Kibana's address is no http(s) URL; https://kibana.example.org:5601 is one, or "
                "https://example.org/kibana behind a proxy"
            )
        return cls(parts.scheme, host, port, parts.netloc, _base(parts.path))

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.netloc}{self.base}"

    @property
    def root(self) -> str:
        """The whole address, without a closing slash."""
        return f"{self.scheme}://{self.place}"

    def page(self, space: str, path: str) -> str:
        """The address of a page in a space."""
        return f"{self.root}{in_space(space, path)}"


def in_space(space: str, path: str) -> str:
    """A path below the base path: the default space has no part of its own in it."""
    return path if space == DEFAULT_SPACE else f"/s/{space}{path}"


def check_space(name: str) -> str:
    """The identifier of a space; raises `SettingsError` for what Kibana does not allow as one."""
    if not _SPACE.fullmatch(name):
        raise SettingsError(
            f"{name!r} is no identifier of a space: lower-case letters, digits, '_' and '-' only. It stands in "
            "the address of a page in that space after /s/, and is not the title of the space"
        )
    return name


def _base(path: str) -> str:
    """The base path; an address that was copied from a page of Kibana is refused with the right one."""
    inside = _INSIDE.match(path)
    if not inside:
        return path.rstrip("/")
    hint = "; the space is named with --space" if inside[2] == "s" else ""
    raise SettingsError(
        f"Kibana's address ends before /{inside[2]}, it is that of all its pages (here with the path "
        f"{inside[1] or '/'}){hint}"
    )
