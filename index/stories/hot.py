"""Stock phrases among fingerprint values, told from wire stories by their spread over stories.

"Об этом сообщает пресс-служба" is in thousands of articles and fills the list of candidates with texts that share
nothing else. A wire story with three hundred reprints is in as many articles, but they are one story. Only a
full list is looked at, so most articles cost nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.stories.parameters import CANDIDATES, HOT_STORIES, NEAREST, SHARED_HASHES, WINDOW_DAYS

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend, Probe


def candidates(backend: Backend, probes: Sequence[Probe]) -> list[list[str]]:
    """For each probe the ids of the articles that may share its text, at most `CANDIDATES`.

    Where a list is full, those that share stock phrases alone give way: the `NEAREST` stay whatever they share (a
    copy shares nearly every value, so it is among them), the others have to share `SHARED_HASHES` further values.
    Stories grow while articles are linked, so what is a stock phrase may depend on the order of arrival;
    what is a copy does not, and a pair that was judged once is judged ever again.
    """
    found = _look_up(backend, probes, CANDIDATES)
    full = {at: probe for at, probe in enumerate(probes) if len(found[at]) == CANDIDATES}
    asked = {
        at: sharper for at, probe in full.items() if (sharper := _without_hot(backend, probe, found[at]))
    }
    again = _look_up(backend, list(asked.values()), CANDIDATES - NEAREST) if asked else []
    for at, ids in zip(asked, again, strict=True):
        found[at] = list(dict.fromkeys([*found[at][:NEAREST], *ids]))
    return found


def hot_values(probe: Probe, holders: Mapping[str, Article]) -> frozenset[str]:
    """Values of a probe that articles of `HOT_STORIES` stories hold, as far as these articles tell. Pure."""
    stories, asked = defaultdict[str, set[str]](set), set(probe.values)
    for article in holders.values():
        for value in asked.intersection(article.fingerprint):
            stories[value].add(article.story_id or article.id)
    return frozenset(value for value, held in stories.items() if len(held) >= HOT_STORIES)


def _without_hot(backend: Backend, probe: Probe, found: Sequence[str]) -> Probe | None:
    """The probe without its stock phrases; None where it has none."""
    hot = hot_values(probe, backend.get(found))
    return replace(probe, values=tuple(each for each in probe.values if each not in hot)) if hot else None


def _look_up(backend: Backend, probes: Sequence[Probe], limit: int) -> list[list[str]]:
    return backend.candidates(probes, share=SHARED_HASHES, days=WINDOW_DAYS, limit=limit)
