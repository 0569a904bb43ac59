"""The note of which rules an index was judged by, on every engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.backend import Backend
from index.stories import parameters
from index.stories.linker import link_pending
from index.stories.reconcile import reconcile
from index.stories.rules import begin_rules, judged_by_others, rules
from tests.make import NOON, make_article


def fill(backend: Backend) -> None:
    backend.put([make_article()])
    link_pending(backend)


def test_a_new_index_is_of_the_rules_that_it_begins_with(backend: Backend) -> None:
    begin_rules(backend)
    fill(backend)
    assert not judged_by_others(backend)


def test_an_index_without_articles_has_none_to_judge(backend: Backend) -> None:
    assert not judged_by_others(backend)


def test_without_a_note_the_rules_are_unknown_until_all_is_judged(backend: Backend) -> None:
    """So is an index of a version that made no note; beginning another crawl does not make it a new one."""
    fill(backend)
    begin_rules(backend)
    assert judged_by_others(backend)
    reconcile(backend, NOON - timedelta(days=1))
    assert judged_by_others(backend)
    reconcile(backend)
    assert not judged_by_others(backend)


def test_another_number_makes_other_rules(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_rules(backend)
    fill(backend)
    before = rules()
    monkeypatch.setattr(parameters, "SMALL_COVER", 0.6)
    assert rules() != before
    begin_rules(backend)
    assert judged_by_others(backend)
    reconcile(backend)
    assert not judged_by_others(backend)
