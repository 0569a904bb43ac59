from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.analysis import fold_value
from index.search.parse import MAX_CHARACTERS, parse
from index.search.query import And, Filter, Not
from index.web.filters import filters_in, is_set, with_filter, without
from tests.make import NOON

ZERO = "0" * 32


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("мост", []),
        ("мост site:ria.ru", [("site", "ria.ru", False, "мост")]),
        ('source:"РИА Новости" мост', [("source", "РИА Новости", False, "мост")]),
        ("мост source:«ТАСС» река", [("source", "ТАСС", False, "мост река")]),
        ("-site:ria.ru мост", [("site", "ria.ru", True, "мост")]),
        ("NOT site:ria.ru", [("site", "ria.ru", True, "")]),
        ("NOT -site:ria.ru мост", [("site", "ria.ru", False, "мост")]),
        ("site:(ria.ru OR tass.ru) мост", [("site", "(ria.ru OR tass.ru)", False, "мост")]),
        ("мост AND site:ria.ru", [("site", "ria.ru", False, "мост")]),
        ("site:ria.ru И мост", [("site", "ria.ru", False, "мост")]),
        ("a AND site:ria.ru AND b", [("site", "ria.ru", False, "a AND b")]),
        ("after:7d before:2d", [("after", "7d", False, "before:2d"), ("before", "2d", False, "after:7d")]),
        (f"story:{ZERO}", [("story", ZERO, False, "")]),
        ("title:мост", [("title", "мост", False, "")]),
        ("(site:ria.ru мост)", []),
        ("site:ria.ru OR site:tass.ru", []),
        ("мост OR site:tass.ru lang:ru", [("lang", "ru", False, "мост OR site:tass.ru")]),
    ],
)
def test_filters_are_found_and_can_be_taken_out(text: str, found: list[tuple[str, str, bool, str]]) -> None:
    filters = filters_in(text)
    assert [(each.field, each.value, each.excluded, without(text, [each])) for each in filters] == found
    for each in filters:
        parse(without(text, [each]), now=NOON)


def test_all_are_taken_out_at_once() -> None:
    text = "a site:x b -lang:ru c after:7d"
    assert without(text, filters_in(text)) == "a b c"


VALUES = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('"«»“”„*():-ИЛИ ')),
    min_size=1,
)


@given(VALUES, st.sampled_from(["", "мост", "a OR b", "(x y)", "-z"]))
def test_a_filter_that_is_added_asks_for_its_value(value: str, text: str) -> None:
    made = with_filter(text, "section", value)
    if made is None:
        return
    root = parse(made).root
    assert isinstance(root, And)
    added = root.parts[-1]
    assert isinstance(added, Filter)
    assert (added.field, fold_value(added.value)) == ("section", fold_value(value))
    assert root.parts[:-1] == parse(text).root.parts
    assert is_set(filters_in(made), "section", value)


@pytest.mark.parametrize(
    "value",
    ["Спорт", "два слова", 'в "кавычках"', "в «ёлочках»", "a*b", "OR", "-x", "a:b", "(a)", 'и "те" и «те»'],
)
def test_values_as_sites_have_them_can_be_said(value: str) -> None:
    assert with_filter("", "section", value) is not None


@pytest.mark.parametrize("value", ['"«“„', "a\x00b", "x" * MAX_CHARACTERS, ""])
def test_what_cannot_be_said_makes_no_link(value: str) -> None:
    assert with_filter("мост", "section", value) is None


def test_an_exclusion_does_not_count_as_set() -> None:
    text = "-section:Спорт lang:RU"
    assert isinstance(parse(text).root.parts[0], Not)
    assert is_set(filters_in(text), "section", "Спорт") is None
    found = is_set(filters_in(text), "lang", "ru")
    assert found is not None
    assert found.value == "RU"
