"""Each rule in words, with the shares that counted words give."""

from __future__ import annotations

import pytest

from index.article import Article
from index.stories.explained_rule import Reason, linked_by, reason
from index.stories.prepared import Prepared
from index.stories.verdict import Pair, judge
from tests.index.stories.counted_words import article, words
from tests.index.stories.labelled import article_of, marked, rows

ROWS = {row["id"]: article_of(row) for row in rows()}
MARK = marked("two.example", "one.example", "Источник: one.example")


def judged(one: Article, other: Article) -> tuple[str, Reason]:
    """The rule that decides, and its words; the same from either side."""
    a, b = Prepared.of(one), Prepared.of(other)
    verdict = judge(a, b)
    small, large = (a, b) if verdict.small == a.id else (b, a)
    return verdict.rule, reason(Pair(small, large, verdict.linked, verdict.overlap), verdict)


SHORT = article("one", words(0, 100))
WHOLE = article("one", words(0, 60))


@pytest.mark.parametrize(
    ("one", "other", "rule", "words_", "measured", "bound"),
    [
        (WHOLE, article("two", words(0, 60), hours=8 * 24), "window",
         "published 8 days apart, at most 7 may lie between", 8, 7),
        (SHORT, article("two", words(0, 41), words(500, 600)), "text",
         "65% of the shorter text has to be shared, 41% is", 0.41, 0.65),
        (article("one", words(0, 1000)), article("two", words(0, 647), words(2000, 2400)), "text",
         "65% of the shorter text has to be shared, 64.7% is", 0.647, 0.65),
        (article("one", words(0, 12)), article("two", words(0, 80)), "text",
         "at least 18 words have to be shared, fewer are a quote or a stock phrase; 12 are", 12, 18),
        (SHORT, article("two", words(0, 31), words(500, 600), source=MARK), "text",
         "40% of the shorter text has to be shared even where a mark links the two, 31% is", 0.31, 0.4),
        (article("one", words(0, 50)), article("two", words(0, 25), words(500, 600), source=MARK), "text",
         "a mark needs 40 shared words beside it, 25 are shared", 25, 40),
        (article("one", words(0, 17)), article("two", words(0, 80), source=MARK), "text",
         "at least 18 words have to be shared, fewer are a quote or a stock phrase; 17 are", 17, 18),
        (SHORT, article("two", words(0, 66), words(500, 734)), "part",
         ("what is shared is only 22% of the longer text, a part of it (less than 40%): then 70% of the shorter text "
         "has to be shared, 66% is"), 0.66, 0.7),
        (SHORT, article("two", words(500, 600), words(0, 100), words(600, 700)), "opening",
         ("50% of the opening (first 35 words) of the longer text has to be shared, 0% is; what is shared further down "
         "is background"), 0, 0.5),
        (article("one", words(500, 528), words(0, 72)), article("two", words(600, 640), words(0, 72)), "opening",
         ("neither first paragraph is in the other text (30% of one has to be, 0% is): two items over one background"),
         0, 0.3),
        (article("one", f"{words(500, 528)} {words(0, 72)}"), article("two", words(600, 640), words(0, 72)), "opening",
         ("50% of an opening (first 35 words) has to be shared, 0% of the longer text's and 20% of the shorter's are; "
         "what is shared further down is background"), 0.2, 0.5),
        (WHOLE, article("two", words(0, 60), words(500, 540), site="one.example"), "same_house",
         ("both are from one.example, and a house repeats its own text in follow-ups: 75% of the longer text has to be "
         "shared, 60% is"), 0.6, 0.75),
        (SHORT, article("two", words(0, 100), words(500, 700), hours=5.25), "round_up",
         ("the shorter text is a part of the longer and 5 hours older, more than 1: the longer one is a round-up "
         "that took it in"), 5.25, 1),
        (ROWS["kurs-13"], ROWS["kurs-14"], "numbers",
         ("8 of 12 places where both texts have a figure differ (67%), fewer than 15% may; else it is another day's "
         "item or an update"), 8 / 12, 0.15),
        (article("one", f"{words(0, 40)} Погибли 12 человек всего."),
         article("two", f"{words(0, 40)} Погибли 15 человек всего."), "numbers",
         ("2 of 2 places where both texts have a figure differ, and of so few none may; else it is another day's item "
         "or an update"), 2, 0),
    ],
)  # fmt: skip
def test_refusals(
    one: Article, other: Article, rule: str, words_: str, measured: float, bound: float
) -> None:
    decided, why = judged(one, other)
    assert (decided, why.words) == (rule, words_)
    assert why.measured == pytest.approx(measured)
    assert why.bound == pytest.approx(bound)
    assert judged(other, one) == (decided, why)


def test_another_persons_item() -> None:
    def winner(name: str, town: str, school: str) -> str:
        return f"{words(0, 40)} стипендию получил {name} из клуба, учится в городе {town} и просит звать {school} без кавычек."

    rule, why = judged(
        article("one", winner("Орлов", "Кириши", "Радуга")),
        article("two", winner("Седых", "Тосно", "Радуга")),
    )
    assert (rule, why.bound) == ("names", 0.34)
    assert why.words == (
        "2 of 3 places where both texts have a name differ (67%), at most 34% may; else it is another person's or "
        "town's item"
    )


def test_a_copy_is_told_by_what_it_shares() -> None:
    rule, why = judged(SHORT, article("two", words(0, 92), words(500, 510)))
    assert rule == "copy"
    assert why == Reason(
        "copy",
        "65% of the shorter text has to be shared, 92% is; an opening is shared, figures and names agree where both "
        "texts have one",
        0.92,
        0.65,
    )


def test_a_marked_copy_under_an_opening_of_its_own() -> None:
    rule, why = judged(SHORT, article("two", words(0, 55), words(500, 545), source=MARK))
    assert rule == "marked_copy"
    assert (why.measured, why.bound) == (0.55, 0.4)
    assert why.words.startswith("a mark links the two, so 40% of the shorter text is enough, 55% is shared; ")


def test_few_differences_of_an_accepted_pair_are_told() -> None:
    sentences = [
        f"{words(20 * n, 20 * n + 10)[:-1]} {{}} {words(20 * n + 10, 20 * n + 20)}" for n in range(8)
    ]
    one, other = (
        [each.format(figure if n == 3 else n + 20) for n, each in enumerate(sentences)] for figure in (51, 52)
    )
    rule, why = judged(article("one", *one), article("two", *other))
    assert rule == "copy"
    assert "2 of 16 places where both texts have a figure differ, few enough" in why.words


def test_which_mark_links() -> None:
    one, two = Prepared.of(SHORT), Prepared.of(article("two", words(0, 100), source=MARK))
    three = Prepared.of(
        article("three", words(0, 9), source=marked("three.example", "one.example", "one.example"))
    )
    assert linked_by(one, two) == "the other's mark names one.example, this article's house"
    assert linked_by(two, one) == "this article's mark names one.example, the other's house"
    assert linked_by(two, three) == "the marks of both name one.example"
    assert linked_by(one, Prepared.of(article("four", words(0, 9)))) == ""
