from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.web.asked import Asked, BadParameter, asked_of, understood

ASKED = st.builds(
    Asked,
    text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60).map(str.strip),
    copies=st.booleans(),
    sort=st.sampled_from([None, "score", "date", "copies"]),
    page=st.integers(1, 999_999),
    limit=st.integers(1, 100),
    zone=st.sampled_from(["", "Europe/Moscow", "Etc/GMT+5"]),
    lang=st.sampled_from(["", "en", "ru"]),
)


@given(ASKED)
def test_a_link_means_what_it_was_made_from(asked: Asked) -> None:
    link = urlsplit(asked.link())
    assert link.path == "/"
    assert not link.fragment
    assert not set(link.query) & set(" \"<>#'\\`{}|^")
    pairs = dict(parse_qsl(link.query, strict_parsing=bool(link.query), keep_blank_values=True))
    assert asked_of(pairs) == asked


def test_what_is_at_its_default_is_left_out() -> None:
    assert Asked().link() == "/"
    assert Asked("мост", page=2).link() == "/?q=мост&page=2"
    assert Asked("a b&c", zone="Europe/Moscow").link("/x") == "/x?q=a+b%26c&zone=Europe%2FMoscow"


def test_a_change_begins_at_the_first_page() -> None:
    asked = Asked("мост", page=7, copies=True)
    assert asked.but(sort="date") == Asked("мост", copies=True, sort="date")
    assert asked.link(page=8) == "/?q=мост&copies=1&page=8"
    assert asked.offset == 60


@pytest.mark.parametrize("parameters", [{"page": "0"}, {"page": "-1"}, {"page": "1e3"}, {"page": "9999999"}, {"page": "٣"}, {"limit": "101"},
                                        {"sort": "Date"}, {"copies": "true"}, {"lang": "de"},
                                        {"zone": "Mars/Base"}, {"zone": "localtime"}, {"zone": "posixrules"}, {"zone": "factory"},
                                        {"zone": "../etc/passwd"}, {"zone": "x" * 5_000}, {"zone": "\0"}])  # fmt: skip
def test_what_means_nothing_is_refused_by_name(parameters: dict[str, str]) -> None:
    with pytest.raises(BadParameter) as caught:
        asked_of(parameters)
    assert {caught.value.name: caught.value.value} == parameters


def test_unknown_parameters_are_left_alone() -> None:
    assert asked_of({"utm_source": "x", "q": " мост "}) == Asked("мост")


@pytest.mark.parametrize("typed", ["Europe/Moscow", " europe/moscow ", "EUROPE/MOSCOW\t"])
def test_a_zone_is_found_however_it_is_typed(typed: str) -> None:
    assert asked_of({"zone": typed}).zone == "Europe/Moscow"


def test_only_what_means_nothing_is_dropped() -> None:
    bad = {
        "q": "мост",
        "zone": "Mars",
        "limit": "0",
        "copies": "1",
        "page": "x",
        "sort": "date",
        "lang": "ru",
    }
    assert understood(bad) == Asked("мост", copies=True, sort="date", lang="ru")
