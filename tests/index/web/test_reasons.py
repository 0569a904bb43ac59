"""Whatever decides about a pair or a story has its sentence in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

import pytest

from index.article import EvidenceKind, Origin, Precision
from index.stories import verdict
from index.stories.explained import Choice, Contender, Counts, Reference, Step
from index.stories.explained_choice import choice
from index.stories.explained_rule import Kind, Reason
from index.web.language import LANGUAGES
from index.web.messages import messages
from index.web.reasons import COUNTS, choice_shown, percent, rule_shown
from index.web.references import Named
from index.web.times import Time
from tests.make import NOON, make_article, make_source

RULES = {
    *(name for name, _ in (*verdict._TEXT_RULES, *verdict._WHOLE_RULES)),
    "numbers",
    "names",
    "copy",
    "marked_copy",
}
OTHER = Named(
    "0" * 32, "Вторая", "ru", "b.example", "https://b.example/", Time("10:00", "", ""), "/article/x", ""
)


def test_every_rule_has_a_kind_of_its_own() -> None:
    assert set(get_args(Kind)) >= RULES
    finer = set(get_args(Kind)) - RULES - {"whole", "unknown"}
    assert {kind for kind in finer if not kind.startswith(tuple(f"{rule}_" for rule in RULES))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_sentence_with_its_numbers(kind: Kind, language: str) -> None:
    t = messages(language)
    found = rule_shown(Reason(kind, "", 0.9, 0.65), t)
    assert found.endswith((".", ")."))
    assert not re.search("[{}]", found)
    for number in ("0", "0") if kind in COUNTS else ("90", "65"):
        assert number in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_pages_show_has_words(language: str) -> None:
    texts = messages(language).texts
    wanted = {
        *(f"story_page.step_{each}" for each in get_args(Step)),
        *(f"article.sign_{each}" for each in get_args(EvidenceKind)),
        *(f"article.counts_{each}" for each in get_args(Counts)),
        *(f"article.from_{each}" for each in get_args(Origin)),
        *(f"article.exact_{each}" for each in get_args(Precision) if each != "unknown"),
    }
    assert wanted <= texts.keys()


def test_a_share_stands_out_from_its_bound() -> None:
    assert percent(0.65, messages("en")) == "65%"
    assert percent(0.647, messages("en"), beside=0.65) == "64.7%"
    assert percent(0.647, messages("ru"), beside=0.65) == "64,7\u00a0%"
    window = Reason("window", "", 7.04, 7.0)
    assert "7.04; at most 7" in rule_shown(window, messages("en"))


def chosen(step: Step, *, named: int = 0, second_named: int = 0) -> Choice:
    first, second = make_article(site="a.example"), make_article(site="b.example")
    return Choice(
        step,
        "",
        Contender(Reference.of(first), named, ()),
        Contender(Reference.of(second), second_named, ("c.example",)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", get_args(Step))
def test_every_step_is_told(step: Step, language: str) -> None:
    told = list(choice_shown(chosen(step, named=2), OTHER, messages(language)))
    assert "Вторая" in told[1]
    assert all(sentence.endswith(".") for sentence in told)
    assert ("c.example" in told[0]) == (step == "unmarked")


def test_what_earlier_steps_left_open_is_told() -> None:
    t = messages("en")
    assert list(choice_shown(chosen("named", named=3, second_named=1), OTHER, t))[0::2] == [
        "The source marks of 3 other articles name its house, a.example, or a reprint of it.",
        "The house of that one is named by 1 article.",
    ]
    assert list(choice_shown(chosen("earliest", named=2), OTHER, t))[-1] == (
        "Both houses are named by 2 other articles."
    )
    assert list(choice_shown(chosen("alone"), None, t)) == ["It is the only article of its story."]


def test_vague_times_are_explained_where_they_decide() -> None:
    day = make_article(site="a.example", published_precision="day", source=make_source("a.example"))
    unknown = make_article(
        site="b.example",
        published_precision="unknown",
        published_origin="first_seen",
        published_at=NOON + timedelta(days=1),
    )
    told = list(choice_shown(choice([day, unknown]), OTHER, messages("en")))
    assert told[0] == "It is the earliest."
    assert told[-2:] == [
        "A day without a time counts as the end of that day.",
        "An article without a date counts as published a day after it was first seen.",
    ]
