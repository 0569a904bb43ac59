"""Yandex's `Clean-param` of robots.txt: query parameters that do not change what a page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_RULE = 500  # characters, the limit of the directive's documentation
_MOST_RULES = 200  # a robots.txt with more is broken or hostile
_RULE = re.compile(r"clean-param\s*:\s*(?P<names>[^\s#]+)(?:\s+(?P<path>[^\s#]+))?\s*(?:#.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanParam:
    """Parameters `names` (case counts) do not matter on paths that begin with `path`; `*` is any text."""

    names: frozenset[str]
    path: str = "/"

    def applies(self, path: str) -> bool:
        """Whether the rule holds for a URL's path."""
        head, *rest = self.path.split("*")
        if not path.startswith(head):
            return False
        at = len(head)
        for part in rest:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True


def clean_params(robots_txt: str) -> list[CleanParam]:
    """The rules of a robots.txt. They belong to no user-agent section, and a faulty line is skipped.

    Syntax by Yandex's documentation for webmasters: `Clean-param: p0[&p1&...] [path]`, at most 500 characters;
    the path is a prefix in which `*` stands for any text.
    """
    lines = (line.strip().lstrip("\ufeff") for line in robots_txt.splitlines())
    rules = (_rule(line) for line in lines if len(line) <= _LONGEST_RULE)
    return [rule for rule in rules if rule][:_MOST_RULES]


def _rule(line: str) -> CleanParam | None:
    match = _RULE.fullmatch(line)
    names = frozenset(filter(None, match["names"].split("&"))) if match else None
    if match is None or not names or any("/" in name for name in names):
        return None
    path = match["path"] or "/"
    return CleanParam(names, path if path.startswith(("/", "*")) else "/" + path)
