"""A parsed query in plain words, and what would find more: shown when nothing was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo

from index.search.analysis import fold, stem
from index.search.query import And, Copied, Filter, Node, Not, Or, Period, Phrase, Query, Word

_FIELDS = {"any": "", "title": " in the title", "author": " as author"}
_FILTERS = {"lang": "language", "story": "story", "role": "role"}
_BOUNDS = {"after": "from", "before": "before"}


def understood(query: Query, zone: tzinfo = UTC) -> str:
    """What the query asks for: 'угроза (any form) and not site ria.ru'; times in `zone`."""
    return _all_of(query.root, zone) or "everything"


def remedies(query: Query) -> list[str]:
    """What to loosen, the likeliest first."""
    nodes = list(_nodes(query.root))
    words = [node for node in query.root.parts if isinstance(node, Word) and node.field == "any"]
    tips = {
        f"any of the words instead of all: {' OR '.join(map(_typed, words))}": len(words) > 1,
        "a phrase without its quotes, for the words anywhere": any(
            isinstance(node, Phrase) for node in nodes
        ),
        f"the beginning of a word: {_beginning(words)}": any(not word.prefix for word in words),
        "no title: or author:, to look everywhere": any(
            isinstance(node, Word | Phrase) and node.field != "any" for node in nodes
        ),
        "fewer of site: source: lang: section: story:": any(
            isinstance(node, Filter) and node.field != "role" for node in nodes
        ),
        "--copies, to list the copies in a story too": not query.copies,
        "a longer time between after: and before:": any(isinstance(node, Period) for node in nodes),
        "no exclusions": any(isinstance(node, Not) for node in nodes),
    }
    return [tip for tip, fits in tips.items() if fits]


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Not):
        yield from _nodes(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _nodes(part)


def _beginning(words: Sequence[Word]) -> str:
    """A prefix for the first whole word: its stem, which other forms and derived words begin with."""
    return next((f"{stem(fold(word.text))}*" for word in words if not word.prefix), "")


def _typed(word: Word) -> str:
    return word.text + "*" * word.prefix


def _all_of(node: And, zone: tzinfo) -> str:
    return " and ".join(_said(part, zone) for part in node.parts)


def _said(node: Node, zone: tzinfo) -> str:
    if isinstance(node, Word):
        return f"{_typed(node)} ({'beginning' if node.prefix else 'any form'}){_FIELDS[node.field]}"
    if isinstance(node, Phrase):
        return f'"{" ".join(node.words)}"{_FIELDS[node.field]}'
    if isinstance(node, Filter):
        return f"{_FILTERS.get(node.field, node.field)} {node.value}"
    if isinstance(node, Period):
        return f"published {_BOUNDS[node.bound]} {node.moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if isinstance(node, Copied):
        return "copied" + (f" from {node.since.astimezone(zone):%Y-%m-%d %H:%M %Z}" if node.since else "")
    if isinstance(node, Not):
        return f"not {_said(node.part, zone)}"
    if isinstance(node, And):
        return f"({_all_of(node, zone)})"
    return f"({' or '.join(_said(part, zone) for part in node.parts)})"
