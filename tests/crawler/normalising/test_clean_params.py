from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalising.clean_params import CleanParam, clean_params
from crawler.normalising.identity import identity_url

ROBOTS = """\ufeffUser-agent: Yandex
Disallow: /admin
Clean-param: ref&sid /some_dir/get_book.pl
clean-param:s /forum/*/showthread  # sessions
Clean-param: PageSpeed

User-agent: *
Clean-param: a& /path*
Clean-param:
Clean-param /news
Clean-param: /news/
Host: example.com
"""


def test_reads_the_rules_of_all_sections() -> None:
    assert clean_params(ROBOTS) == [
        CleanParam(frozenset({"ref", "sid"}), "/some_dir/get_book.pl"),
        CleanParam(frozenset({"s"}), "/forum/*/showthread"),
        CleanParam(frozenset({"PageSpeed"}), "/"),
        CleanParam(frozenset({"a"}), "/path*"),
    ]


def test_rules_over_the_length_limit_are_skipped() -> None:
    assert clean_params(f"Clean-param: {'a&' * 240}b") != []
    assert clean_params(f"Clean-param: {'a&' * 250}b") == []


def test_a_flood_of_rules_is_cut() -> None:
    assert len(clean_params("Clean-param: a /x\n" * 5000)) == 200


@pytest.mark.parametrize(
    ("rule", "path", "applies"),
    [
        ("/", "/", True),
        ("/news", "/news/1", True),
        ("/news", "/newsroom", True),  # a prefix, not a folder
        ("/news", "/old/news", False),
        ("/News", "/news", False),
        ("*/print", "/news/print/1", True),
        ("/*/print*.php", "/news/print1.php", True),
        ("/*/print*.php", "/news/1.php", False),
        ("/a*a", "/a", False),
    ],
)
def test_paths_are_prefixes_with_stars(rule: str, path: str, applies: bool) -> None:
    assert CleanParam(frozenset({"x"}), rule).applies(path) is applies


def test_many_stars_cost_no_backtracking() -> None:
    assert not CleanParam(frozenset({"x"}), "/*a" * 160).applies("/" + "a" * 50_000 + "b")


def test_named_parameters_leave_the_identity_only_where_the_rule_holds() -> None:
    rules = clean_params(ROBOTS)
    book = "http://www.example.com/some_dir/get_book.pl?ref=site_1&book_id=123"
    assert identity_url(book, clean_params=rules) == "https://example.com/some_dir/get_book.pl?book_id=123"
    assert (
        identity_url("https://example.com/other?ref=7", clean_params=rules)
        == "https://example.com/other?ref=7"
    )
    assert identity_url("https://example.com/x?pagespeed=1", clean_params=rules).endswith("?pagespeed=1")


@given(st.text())
def test_any_robots_txt_is_read(text: str) -> None:
    for rule in clean_params(text + "\nClean-param: " + text):
        assert rule.names
        rule.applies("/news/1")
