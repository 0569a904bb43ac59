"""Two texts word by word: nothing is lost, changes are found, chance matches are not shown, work is bounded."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.web.differences import MOST_PARAGRAPHS, MOST_WORDS, Row, Run, differences, line_differences

TEXTS = st.lists(st.text("аб в.,«»\n-1", max_size=40), max_size=6)


def shown(row: Row) -> tuple[str, str]:
    """Either side with its own words in brackets."""
    left, right = (
        "".join(
            run.text if run.kind == "same" else re.sub(r"(.*?)(\s*)$", r"[\1]\2", run.text, count=1)
            for run in side
        )
        for side in (row.left, row.right)
    )
    return left, right


def side(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


def plain(text: str) -> str:
    return " ".join(text.split()).replace(" ", "")


def test_one_word_of_a_paragraph() -> None:
    found = differences(
        ["Мост закроют в мае, сообщил мэр.", "Паромы пойдут."],
        ["Мост закроют в июне, сообщил мэр.", "Паромы пойдут."],
    )
    assert [shown(row) for row in found.rows] == [
        ("Мост закроют в [мае], сообщил мэр.", "Мост закроют в [июне], сообщил мэр."),
        ("Паромы пойдут.", "Паромы пойдут."),
    ]
    assert (found.gone, found.new, found.same) == (1, 1, False)
    assert [row.same for row in found.rows] == [False, True]


def test_a_paragraph_that_only_one_text_has() -> None:
    first, last, extra = "Мост закроют на ремонт.", "Паромы пойдут каждый час.", "Это стоит миллион."
    found = differences([first, extra, last], [first, last])
    assert [shown(row) for row in found.rows] == [(first, first), (f"[{extra}]", ""), (last, last)]
    assert [row.lone for row in found.rows] == [False, True, False]
    found = differences([first, last], [first, extra, last])
    assert [shown(row) for row in found.rows] == [(first, first), ("", f"[{extra}]"), (last, last)]


def test_paragraphs_are_paired_by_their_words_not_by_their_place() -> None:
    left = ["Синоптики ждут снега в субботу утром.", "Дорожники вывели на трассы сорок машин с солью."]
    right = ["Школы закрыты.", "Дорожники вывели на трассы девяносто машин с солью.", "Аэропорт работает."]
    assert [shown(row) for row in differences(left, right).rows] == [
        ("[Синоптики ждут снега в субботу утром.]", ""),
        ("", "[Школы закрыты.]"),
        (
            "Дорожники вывели на трассы [сорок] машин с солью.",
            "Дорожники вывели на трассы [девяносто] машин с солью.",
        ),
        ("", "[Аэропорт работает.]"),
    ]


def test_chance_matches_are_taken_back() -> None:
    row = line_differences("Мэр и депутаты открыли музей", "Снегопад закрыл дороги и аэропорт в субботу")
    assert shown(row) == ("[Мэр и депутаты открыли музей]", "[Снегопад закрыл дороги и аэропорт в субботу]")
    near = line_differences("Цена выросла на два рубля в мае", "Цена выросла на три рубля в июне")
    assert shown(near) == ("Цена выросла на [два] рубля в [мае]", "Цена выросла на [три] рубля в [июне]")


def test_blanks_are_no_difference_but_punctuation_is() -> None:
    assert differences(["Мост  закрыт\nна ремонт."], ["Мост закрыт на ремонт."]).same
    assert shown(line_differences("Мост закрыт.", "Мост закрыт!")) == ("Мост закрыт[.]", "Мост закрыт[!]")


@pytest.mark.parametrize(("left", "right"), [([], []), ([""], []), ([" \n"], ["\t"])])
def test_nothing_has_no_rows(left: list[str], right: list[str]) -> None:
    found = differences(left, right)
    assert found.same
    assert found.rows == ()


def test_a_text_beside_none() -> None:
    found = differences([], ["Два слова."])
    assert [shown(row) for row in found.rows] == [("", "[Два слова.]")]
    assert (found.gone, found.new) == (0, 2)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_either_text_is_there_as_it_was(left: list[str], right: list[str]) -> None:
    found = differences(left, right)
    assert plain(" ".join(side(row.left) for row in found.rows)) == plain(" ".join(left))
    assert plain(" ".join(side(row.right) for row in found.rows)) == plain(" ".join(right))
    for row in found.rows:
        own = [[run for run in runs if run.kind == "same"] for runs in (row.left, row.right)]
        assert plain("".join(map(side, own[:1]))) == plain("".join(map(side, own[1:])))
        assert {run.kind for run in row.left} <= {"same", "gone"}
        assert {run.kind for run in row.right} <= {"same", "new"}
        assert all(run.text for run in (*row.left, *row.right))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: list[str]) -> None:
    found = differences(text, text)
    assert found.same
    assert all(row.same for row in found.rows)


def test_long_texts_are_cut_and_it_is_told() -> None:
    words = [f"слово{n}" for n in range(MOST_WORDS + 7)]
    found = differences([" ".join(words), "ещё два"], [" ".join(words[:100])])
    assert (found.cut_left, found.cut_right) == (9, 0)
    assert not found.same
    assert len(side(found.rows[0].left).split()) == MOST_WORDS
    many = differences(["раз."] * (MOST_PARAGRAPHS + 3), ["раз."])
    assert many.cut_left == 3
    assert len(many.rows) == MOST_PARAGRAPHS


def test_letters_without_a_blank_are_bounded_too() -> None:
    found = differences(["Мост закрыт.", "я" * 400_000, "Конец."], ["Мост закрыт."])
    assert [shown(row) for row in found.rows] == [("Мост закрыт.", "Мост закрыт.")]
    assert found.cut_left == 2
    blanks = differences([("а" + " " * 30_000) * 3], [])
    assert blanks.cut_left == 2


def hostile() -> dict[str, tuple[list[str], list[str]]]:
    """Texts that make matching costly."""
    dice = random.Random(7)

    def mixed(words: Sequence[str], count: int) -> str:
        return " ".join(dice.choice(words) for _ in range(count))

    names = [f"w{n}" for n in range(300)]
    return {
        "two words": ([mixed("ab", 5_000)], [mixed("ab", 5_000)]),
        "short paragraphs of two words": (
            [mixed("ab", 20) for _ in range(300)],
            [mixed("ab", 20) for _ in range(300)],
        ),
        "a small vocabulary": ([mixed(names, 5_000)], [mixed(names, 5_000)]),
        "one word a million times": (["слово " * 1_000_000], ["слово " * 1_000_001]),
        "reversed": ([" ".join(names * 9)], [" ".join(reversed(names * 9))]),
        "punctuation": (["." * 9_000], [".," * 4_500]),
    }


@pytest.mark.parametrize("name", list(hostile()))
def test_no_text_costs_seconds(name: str) -> None:
    left, right = hostile()[name]
    began = process_time()
    differences(left, right)
    assert process_time() - began < 3, "0.1 to 0.5 s as a rule"
