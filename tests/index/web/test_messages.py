"""Both catalogues say the same things, and templates say nothing by themselves."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.web.language import LANGUAGES
from index.web.messages import FORMS, RULES, messages
from index.web.templates import FOLDER

TEMPLATES = sorted(FOLDER.glob("*.html"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_the_same_keys_and_kinds(language: str) -> None:
    first, other = messages(LANGUAGES[0]).texts, messages(language).texts
    assert list(first) == list(other), "in the same order, so that they are read side by side"
    for key, text in other.items():
        assert isinstance(text, Mapping) == isinstance(first[key], Mapping), key
        if isinstance(text, Mapping):
            assert tuple(text) == FORMS[language], key
        elif isinstance(text, list):
            assert len(text) == len(first[key]) == 12, key
        else:
            assert text.strip(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_filled_in_alike(language: str) -> None:
    for key, text in messages(language).texts.items():
        first = messages(LANGUAGES[0]).texts[key]
        if isinstance(text, str) and isinstance(first, str):
            dropped = {"reason", "forms"} if key == "query.date" else set()
            assert placeholders(text) | dropped == placeholders(first) | dropped, key
        elif isinstance(text, Mapping) and isinstance(first, Mapping):
            assert {frozenset(placeholders(form)) for form in text.values()} == {
                frozenset(placeholders(form)) for form in first.values()
            }, key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_bare_text(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)
    for attribute in re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', source):
        assert not re.search(r"\w", attribute), attribute
    text = re.sub(r"<[^>]*>", "", source)
    assert not re.search(r"\w", text), re.findall(r"\w+", text)


def test_every_key_that_is_used_is_there() -> None:
    whole = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *FOLDER.parent.glob("*.py")])
    used = set(re.findall(r"""\bt(?:\.counted|\.listed)?\(\s*["']([a-z_]+\.[a-z_0-9]+)["'][,)]""", whole))
    assert len(used) > 60
    assert used <= messages("en").texts.keys()


def test_every_key_that_is_there_is_used() -> None:
    whole = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *FOLDER.parent.glob("*.py")])
    made = set(
        re.findall(r"""["']([a-z_]+\.(?:[a-z_]+_)?)(?:["'] ~|\{)""", whole)
    )  # beginnings of keys that are put together
    known = (key for key in messages("en").texts if not key.startswith(("query.", *made)))
    assert [key for key in known if key not in whole] == []
    assert {"nothing.", "wording.", "search.sort_"} <= made


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"), (21, "one"),
     (22, "few"), (25, "many"), (101, "one"), (111, "many"), (112, "many"), (1_004, "few"), (1_000_000, "many")],
)  # fmt: skip
def test_russian_plurals(number: int, form: str) -> None:
    assert RULES["ru"](number) == form


def test_numbers_and_plurals_as_read() -> None:
    english, russian = messages("en"), messages("ru")
    assert [english.counted("count.stories", n) for n in (0, 1, 2, 1_234)] == [
        "0 stories",
        "1 story",
        "2 stories",
        "1,234 stories",
    ]
    assert [russian.counted("count.stories", n) for n in (1, 3, 11, 12_345)] == [
        "1 сюжет",
        "3 сюжета",
        "11 сюжетов",
        "12\u00a0345 сюжетов",
    ]


def test_a_wrong_key_is_an_error() -> None:
    t = messages("en")
    for wrong in (
        lambda: t("no.such"),
        lambda: t("count.stories"),
        lambda: t.counted("site.name", 1),
        lambda: t.listed("site.name"),
    ):
        with pytest.raises(KeyError):
            wrong()
