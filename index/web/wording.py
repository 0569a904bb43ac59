"""A parsed query in the words of the reader's language: what the search looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.search.query import And, Copied, Filter, Node, Not, Or, Period, Phrase, Word
from index.web.times import time_shown

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from index.web.messages import Messages


def wording(node: Node, t: Messages, zone: tzinfo) -> str:
    """What a node asks for: '«мост» in any form, and not site ria.ru'; times in `zone`."""
    if isinstance(node, Word):
        kind = "beginning" if node.prefix else "word"
        return t(f"wording.{kind}", text=node.text) + _place(node.field, t)
    if isinstance(node, Phrase):
        return t("wording.phrase", text=" ".join(node.words)) + _place(node.field, t)
    if isinstance(node, Filter):
        return t(f"wording.{node.field}", value=node.value)
    if isinstance(node, Period):
        return t(f"wording.{node.bound}", time=_moment(node.moment, t, zone))
    if isinstance(node, Copied):
        return t("wording.copied")
    if isinstance(node, Not):
        return t("wording.not", part=wording(node.part, t, zone))
    joined = t("wording.and" if isinstance(node, And) else "wording.or").join(
        wording(part, t, zone) if isinstance(part, Word | Filter | Period) else _grouped(part, t, zone)
        for part in node.parts
    )
    return joined or t("wording.everything")


def _grouped(part: Node, t: Messages, zone: tzinfo) -> str:
    said = wording(part, t, zone)
    return f"({said})" if isinstance(part, And | Or) and len(part.parts) > 1 else said


def _place(field: str, t: Messages) -> str:
    return "" if field == "any" else " " + t(f"wording.in_{field}")


def _moment(moment: datetime, t: Messages, zone: tzinfo) -> str:
    return time_shown(moment, "minute", zone, t).text
