"""The measures against cases counted by hand."""

from __future__ import annotations

import pytest

from benchmarks.dedup_score import (
    Found,
    Label,
    Score,
    b_cubed_f1,
    canonical_accuracy,
    copy_recall,
    f1,
    false_merges,
    pair_scores,
    score,
    table,
)


def labels(*stories: str) -> list[Label]:
    """Stories as strings of one-letter ids; the first letter is the original, capital letters are hard."""
    return [
        Label(id.lower(), story.lower(), story[0].lower(), id.isupper()) for story in stories for id in story
    ]


def found(*clusters: str) -> dict[str, Found]:
    """Clusters as strings of one-letter ids; the first letter is canonical."""
    return {id: Found(cluster, cluster[0]) for cluster in clusters for id in cluster}


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        (("abc", "d"), (1, 1)),
        (("a", "b", "c", "d"), (1, 0)),  # nothing was put together, so nothing wrongly
        (("abcd",), (3 / 6, 1)),
        (("ab", "cd"), (1 / 2, 1 / 3)),
        (("ad", "bc"), (1 / 2, 1 / 3)),
        (("ad", "b", "c"), (0, 0)),
    ],
)
def test_pairs(clusters: tuple[str, ...], expected: tuple[float, float]) -> None:
    assert pair_scores(labels("abc", "d"), found(*clusters)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("precision", "recall", "expected"), [(1, 1, 1), (0, 0, 0), (1, 0, 0), (0.5, 1, 2 / 3)]
)
def test_f1(precision: float, recall: float, expected: float) -> None:
    assert f1(precision, recall) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("clusters", "precision", "recall"),
    [
        (("abc", "d"), 1, 1),
        (("a", "b", "c", "d"), 1, (3 * 1 / 3 + 1) / 4),
        (("abcd",), (3 * 3 / 4 + 1 / 4) / 4, 1),
        (("ab", "cd"), (1 + 1 + 1 / 2 + 1 / 2) / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4),
    ],
)
def test_b_cubed(clusters: tuple[str, ...], precision: float, recall: float) -> None:
    assert b_cubed_f1(labels("abc", "d"), found(*clusters)) == pytest.approx(f1(precision, recall))


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        (("abc", "d"), 1),
        (("ab", "c", "d"), 1 / 2),
        (("bc", "a", "d"), 0),  # together, but not with the original
        (("a", "b", "c", "d"), 0),
    ],
)
def test_copies_found(clusters: tuple[str, ...], expected: float) -> None:
    assert copy_recall(labels("abc", "d"), found(*clusters)) == pytest.approx(expected)


def test_copies_of_an_original_that_is_not_there() -> None:
    three = [Label("a", "s", "gone"), Label("b", "s", "gone"), Label("c", "alone", "lost")]
    assert copy_recall(three, found("ab", "c")) == 1
    assert copy_recall(three, found("ac", "b")) == 0
    assert copy_recall(three[2:], found("c")) == 1  # none that could be found


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        (("ab", "c", "d"), []),
        (("a", "b", "c", "d"), []),
        (("ab", "cd"), ["c"]),  # d is not hard
        (("abc", "d"), ["b", "c"]),
        (("ad", "b", "c"), []),  # wrong, but neither is hard
    ],
)
def test_hard_articles_merged(clusters: tuple[str, ...], expected: list[str]) -> None:
    assert false_merges(labels("aB", "C", "d"), found(*clusters)) == expected


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        (("ab", "cd", "e"), 1),
        (("ab", "dc", "e"), 1 / 2),
        (("ba", "dc", "e"), 0),
        (("a", "b", "dc", "e"), 1 / 2),  # alone it stands for itself
    ],
)
def test_canonical_articles(clusters: tuple[str, ...], expected: float) -> None:
    assert canonical_accuracy(labels("ab", "cd", "e"), found(*clusters)) == pytest.approx(expected)


def test_all_measures_and_their_line() -> None:
    got = score(labels("abc", "D"), found("ab", "cd"))
    shares = (got.precision, got.recall, got.f1, got.b_cubed_f1, got.copy_recall, got.canonical)
    assert shares == pytest.approx((1 / 2, 1 / 3, 0.4, f1(3 / 4, 2 / 3), 1 / 2, 1))
    assert got.false_merges == 1
    head, line = table({"one": got}).splitlines()
    assert head.split() == ["run", "P", "R", "F1", "B3", "F1", "copies", "false", "merges", "canonical"]
    assert line.split() == ["one", "0.500", "0.333", "0.400", "0.706", "0.500", "1", "1.000"]
    assert len(head) == len(line)


def test_nothing_to_find_is_all_found() -> None:
    assert score([], {}) == Score(1, 1, 1, 1, 1, 0, 1)


@pytest.mark.parametrize("clusters", [("ab",), ("abc", "d", "e")])
def test_other_articles_than_the_labelled_are_refused(clusters: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="differ in"):
        score(labels("abc", "d"), found(*clusters))


def test_an_article_labelled_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="repeated ids"):
        score([*labels("a"), *labels("a")], found("a"))
