"""Texts of counted words, so that what two of them share can be told beforehand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from index.article import Article
from tests.index.stories.labelled import fingerprinted
from tests.make import NOON

_LETTERS = "абвгдежзиклмнопрстуф"


def word(number: int) -> str:
    """A word of its own for each number, without figures and capitals."""
    digits = [number // 400 % 20, number // 20 % 20, number % 20]
    return "слово" + "".join(_LETTERS[digit] for digit in digits)


def words(first: int, last: int) -> str:
    """A paragraph of the words `first` up to and without `last`."""
    return " ".join(word(number) for number in range(first, last)) + "."


def article(name: str, *paragraphs: str, hours: float = 0, site: str = "", **fields: Any) -> Article:
    """An article of a site of its own, published so many hours after noon."""
    site = site or f"{name}.example"
    return fingerprinted(
        site=site,
        url=f"https://{site}/{name}",
        title=f"Заметка {name}",
        body="\n\n".join(paragraphs),
        published_at=NOON + timedelta(hours=hours),
        **fields,
    )
