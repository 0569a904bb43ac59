"""Facets as links: each value adds its filter to the query, or takes it out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.analysis import fold_value
from index.web.filters import InText, is_set, with_filter, without

if TYPE_CHECKING:
    from index.search.results import Bucket, Results
    from index.web.asked import Asked

SHOWN = 6  # values of a facet before one opens the rest
MOST = 24  # values that are listed at all
_FIELDS = {"site": "site", "source": "source", "section": "section", "language": "lang", "role": "role"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; `link` is '' where the query language cannot say it."""

    text: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its values by count, how many more there are, and how many hits have no value."""

    name: str
    values: Sequence[Value]
    more: int
    none: int

    @property
    def first(self) -> Sequence[Value]:
        """What is shown at once."""
        return self.values[:SHOWN]

    @property
    def rest(self) -> Sequence[Value]:
        """What is shown when opened."""
        return self.values[SHOWN:]


def facets_shown(results: Results, asked: Asked, filters: Sequence[InText]) -> list[Facet]:
    """The facets that tell hits apart: with two values or more, with a filter set, or with hits that lack one."""
    facets = (
        _facet(name, merged(getattr(results.facets, name)), results.total, asked, filters) for name in _FIELDS
    )
    return [
        facet
        for facet in facets
        if facet.values and (len(facet.values) > 1 or facet.none or facet.values[0].chosen)
    ]


def merged(buckets: Iterable[Bucket]) -> list[tuple[str, int]]:
    """Values that a filter takes for one ('Спорт', 'спорт') as one, in their commonest spelling, by count."""
    spelled: dict[str, str] = {}
    counts: dict[str, int] = {}
    for bucket in buckets:  # the commonest first
        key = fold_value(bucket.value)
        spelled.setdefault(key, bucket.value)
        counts[key] = counts.get(key, 0) + bucket.count
    return sorted(
        ((spelled[key], count) for key, count in counts.items()), key=lambda pair: (-pair[1], pair[0])
    )


def _facet(
    name: str, counted: Sequence[tuple[str, int]], total: int, asked: Asked, filters: Sequence[InText]
) -> Facet:
    values = [_value(_FIELDS[name], value, count, asked, filters) for value, count in counted[:MOST]]
    none = total - sum(count for _, count in counted)
    return Facet(name, values, len(counted) - len(values), none)


def _value(field: str, value: str, count: int, asked: Asked, filters: Sequence[InText]) -> Value:
    if chosen := is_set(filters, field, value):
        return Value(value, count, asked.link(text=without(asked.text, [chosen])), chosen=True)
    text = with_filter(asked.text, field, value)
    return Value(value, count, asked.link(text=text) if text else "", chosen=False)
