"""Whether a site that a command names is one of the index: a mistyped name is told, not answered with nothing."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from index.search.query import Query

if TYPE_CHECKING:
    from index.backend import Backend


def unknown_site(backend: Backend, name: str) -> str:
    """Why no article can be of a site of this name, and which one may be meant; empty where it has articles.

    Counts the articles of every site: ask only when nothing was found.
    """
    stored = sorted(each.value for each in backend.search(Query(copies=True, limit=0)).facets.site)
    if not stored or name.casefold() in map(str.casefold, stored):
        return ""
    near = get_close_matches(_host(name), stored, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {_some(stored)}"
    return f"no article of a site {name!r} is stored; {hint}"


def _host(name: str) -> str:
    """The host, where somebody wrote an address."""
    return name.casefold().partition("://")[2].partition("/")[0].removeprefix("www.") or name.casefold()


def _some(names: list[str], shown: int = 5) -> str:
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
