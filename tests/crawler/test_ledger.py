from __future__ import annotations

import pytest

from crawler.discovery.link import Link
from crawler.ledger import DoubleEntry, Ledger


def ledger_with(*urls: str) -> Ledger:
    ledger = Ledger()
    for url in urls:
        ledger.find(url, Link(url, "feed"))
    return ledger


def test_every_link_ends_once_and_the_counts_add_up() -> None:
    ledger = ledger_with("a", "b", "c")
    ledger.end("a", "indexed")
    ledger.end("b", "http_error", "HTTP status 404")
    ledger.end("c", "http_error", "HTTP status 404")
    assert ledger.outcomes() == {"indexed": 1, "http_error": 2}
    assert ledger.outcomes().total() == len(ledger.entries)
    assert ledger.reasons() == {("http_error", "HTTP status 404"): 2}


def test_a_link_found_twice_is_one_entry() -> None:
    ledger = ledger_with("a")
    assert not ledger.find("a", Link("a", "sitemap"))
    assert len(ledger.entries) == 1


def test_a_second_end_is_refused_and_changes_nothing() -> None:
    ledger = ledger_with("a")
    ledger.end("a", "indexed")
    with pytest.raises(DoubleEntry, match="ended as indexed and again as failed"):
        ledger.end("a", "failed", "ValueError")
    assert ledger.outcomes() == {"indexed": 1}


def test_an_end_without_a_find_is_refused() -> None:
    with pytest.raises(DoubleEntry, match="never found"):
        Ledger().end("a", "indexed")


def test_open_links_are_those_without_an_outcome() -> None:
    ledger = ledger_with("a", "b")
    ledger.end("a", "known")
    assert ledger.open_links() == ["b"]
    assert not ledger.is_open("a")
    assert not ledger.is_open("never found")
