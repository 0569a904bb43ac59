"""Every complaint of the parser is known in both languages."""

from __future__ import annotations

import pytest

from index.search.parse import parse
from index.search.query import QueryError
from index.web.faults import fault_of, in_language
from index.web.messages import messages

BAD = {
    "window": ("a", {"offset": 20_000}),
    "surrogate": ("a\ud800", {}),
    "too_long": ("a" * 1_001, {}),
    "closes": (")", {}),
    "nothing": ("—", {}),
    "needs_before": ("OR a", {}),
    "needs_after": ("a AND", {}),
    "needs_excluded": ("НЕ", {}),
    "never_closed": ("(a", {}),
    "empty_group": ("()", {}),
    "inside": ("title:(site:a)", {}),
    "blank_value": ("title: a", {}),
    "no_value": ('site:""', {}),
    "terms": ("a " * 70, {}),
    "date": ("after:zz", {}),
    "star_value": ("site:a*", {}),
    "lang": ("lang:xxxx", {}),
    "story": ("story:1", {}),
    "role": ("role:x", {}),
    "star_quotes": ('"a*"', {}),
    "empty_quotes": ('""', {}),
    "no_letters": ("🎉", {}),
    "no_letters_here": ("a OR —", {}),
    "star_end": ("a*b", {}),
    "star_single": ("a-b*", {}),
    "star_short": ("a*", {}),
    "nested": ("(" * 30 + "a" + ")" * 30, {}),
    "quote_closes": ("a»", {}),
    "quote_open": ("«a", {}),
    "field_meant": ("sourse:x", {}),
    "field_unknown": ("qqqqq:bar", {}),
}  # fmt: skip


def error_of(text: str, **options: int) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text, **options)  # type: ignore[arg-type]  # offset alone
    return caught.value


@pytest.mark.parametrize("key", BAD)
def test_every_complaint_is_translated(key: str) -> None:
    text, options = BAD[key]
    error = error_of(text, **options)
    english, russian = (fault_of(error, messages(language)) for language in ("en", "ru"))
    assert english.message.lower() == error.message.lower()
    assert russian.language == "ru"
    assert russian.message != english.message
    assert "{" not in russian.message


def test_the_list_above_is_whole() -> None:
    keys = {key.removeprefix("query.") for key in messages("en").texts if key.startswith("query.")}
    assert keys == set(BAD)
    found = {key: error_of(text, **options).message for key, (text, options) in BAD.items()}
    english = messages("en")
    assert {key: in_language(message, english) for key, message in found.items()} == found


def test_an_unknown_complaint_stays_english() -> None:
    fault = fault_of(QueryError("something new", "a b", 2), messages("ru"))
    assert (fault.message, fault.language) == ("Something new", "en")


@pytest.mark.parametrize(
    ("text", "place", "before", "at", "after"),
    [
        ("мост sourse:x река", 5, "мост ", "sourse:x", " река"),
        ("мост OR", 7, "мост OR", "\u00a0", ""),
        ("(мост)", 0, "", "(мост", ")"),
        ("а" * 100 + " ( " + "б" * 100, 101, "…" + "а" * 59 + " ", "(", " " + "б" * 58 + "…"),
    ],
)
def test_the_place_is_shown(text: str, place: int, before: str, at: str, after: str) -> None:
    fault = fault_of(QueryError("wrong", text, place), messages("en"))
    assert (fault.before, fault.at, fault.after) == (before, at, after)


def test_what_is_wrong_elsewhere_shows_no_query() -> None:
    assert fault_of(QueryError("wrong", "", 0), messages("en")).text == ""
