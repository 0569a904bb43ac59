"""How good a division of articles into stories is, against labels. Pure functions, and their table.

Pairs and B-cubed are the usual measures of a clustering (Amigó et al. 2009, "A comparison of extrinsic
clustering evaluation metrics"); the others count what a reader notices: copies that were missed, stories that
were merged, an original that was not named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Label:
    """What an article is. `original` is whose text its story is, which need not be among the articles."""

    id: str
    story: str
    original: str
    hard: bool = False  # resembles an article of another story


@dataclass(frozen=True, slots=True)
class Found:
    """Where an article was put: any name for the cluster, and the id of the article that stands for it."""

    cluster: str
    canonical: str


Clusters = Mapping[str, Found]
"""Article id to where it was put."""


@dataclass(frozen=True, slots=True)
class Score:
    """All measures: shares from 0 to 1, but for the number of hard articles merged with another story."""

    precision: float  # of pairs
    recall: float  # of pairs
    f1: float
    b_cubed_f1: float
    copy_recall: float
    false_merges: int
    canonical: float


def score(labels: Sequence[Label], found: Clusters) -> Score:
    """All measures. ValueError when not the labelled articles were put into stories, each once."""
    ids = {label.id for label in labels}
    if len(ids) < len(labels):
        raise ValueError("the labels have repeated ids")
    if ids != found.keys():
        raise ValueError(f"labels and articles differ in {', '.join(sorted(ids ^ found.keys()))}")
    precision, recall = pair_scores(labels, found)
    return Score(
        precision=precision,
        recall=recall,
        f1=f1(precision, recall),
        b_cubed_f1=b_cubed_f1(labels, found),
        copy_recall=copy_recall(labels, found),
        false_merges=len(false_merges(labels, found)),
        canonical=canonical_accuracy(labels, found),
    )


def pair_scores(labels: Sequence[Label], found: Clusters) -> tuple[float, float]:
    """Precision and recall over pairs of articles put together; 1 where there is no such pair."""
    right = _pairs((label.story, found[label.id].cluster) for label in labels)
    put, due = _pairs(found[label.id].cluster for label in labels), _pairs(label.story for label in labels)
    return right / put if put else 1.0, right / due if due else 1.0


def _pairs(groups: Iterable[object]) -> int:
    return sum(comb(size, 2) for size in Counter(groups).values())


def f1(precision: float, recall: float) -> float:
    """The harmonic mean, 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def b_cubed_f1(labels: Sequence[Label], found: Clusters) -> float:
    """F1 of the means, over the articles, of how pure an article's cluster is and how whole its story.

    A story of sixty counts as sixty articles here; among pairs it counts as 1,770.
    """
    cells = Counter((label.story, found[label.id].cluster) for label in labels)
    stories, clusters = Counter[str](), Counter[str]()
    for (story, cluster), size in cells.items():
        stories[story] += size
        clusters[cluster] += size
    pure = sum(size * size / clusters[cluster] for (_, cluster), size in cells.items())
    whole = sum(size * size / stories[story] for (story, _), size in cells.items())
    return f1(pure / len(labels), whole / len(labels)) if labels else 1.0


def copy_recall(labels: Sequence[Label], found: Clusters) -> float:
    """Share of the copies that are with their original or, where that is absent, with another copy of it.

    A copy of which there is neither does not count; 1 without any that do.
    """
    story = _grouped((label.story, label.id) for label in labels)
    hits = []
    for label in labels:
        others = {label.original} & found.keys() or story[label.story] - {label.id}
        if label.original != label.id and others:
            hits.append(any(found[other].cluster == found[label.id].cluster for other in others))
    return _share(hits)


def false_merges(labels: Sequence[Label], found: Clusters) -> list[str]:
    """Ids of the hard articles that are in a cluster with an article of another story, in order."""
    held = _grouped((found[label.id].cluster, label.story) for label in labels)
    return [label.id for label in labels if label.hard and len(held[found[label.id].cluster]) > 1]


def canonical_accuracy(labels: Sequence[Label], found: Clusters) -> float:
    """Share of the copied originals that stand for the cluster they are in; 1 without any."""
    copied = {label.original for label in labels if label.original != label.id} & found.keys()
    return _share([found[id].canonical == id for id in copied])


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return groups


def _share(holds: Sequence[bool]) -> float:
    return sum(holds) / len(holds) if holds else 1.0


def table(scores: Mapping[str, Score]) -> str:
    """One line a run, under a line of names."""
    width = max(map(len, ["run", *scores]))
    lines = [f"{'run':<{width}}      P      R     F1  B3 F1  copies  false merges  canonical"]
    lines += [
        f"{run:<{width}}  {each.precision:.3f}  {each.recall:.3f}  {each.f1:.3f}  {each.b_cubed_f1:.3f}"
        f"  {each.copy_recall:6.3f}  {each.false_merges:12}  {each.canonical:9.3f}"
        for run, each in scores.items()
    ]
    return "\n".join(lines)
