from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from index.search.parse import parse
from index.search.query import And, Copied
from index.web.messages import messages
from index.web.wording import wording

ZERO = "0" * 32
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("мост", "“мост” in any form", "«мост» в любой форме"),
        ("", "everything", "всё"),
        ("угроз*", "words that begin with “угроз”", "слова, начинающиеся с «угроз»"),
        ('"два слова"', "the phrase “два слова”", "фраза «два слова»"),
        ("title:мост", "“мост” in any form in the headline", "«мост» в любой форме в заголовке"),
        ("-author:Петров", "not “Петров” in any form in the byline", "без: «Петров» в любой форме среди авторов"),
        ("site:a lang:ru", "site a, and language ru", "сайт a, язык ru"),
        ("(a OR b) role:copy", "(“a” in any form or “b” in any form), and role copy", "(«a» в любой форме или «b» в любой форме), роль copy"),
        ("after:2026-11-20", "published from 20 Nov 2026, 00:00", "опубликовано с 20 ноя 2026, 00:00"),
        (f"story:{ZERO} source:x section:y", f"story {ZERO}, and source x, and section y", f"сюжет {ZERO}, источник x, рубрика y"),
    ],
)  # fmt: skip
def test_queries_in_words(text: str, english: str, russian: str) -> None:
    root = parse(text, zone=MOSCOW).root
    assert wording(root, messages("en"), MOSCOW) == english
    assert wording(root, messages("ru"), MOSCOW) == russian


def test_copied_stories() -> None:
    assert wording(And((Copied(),)), messages("en"), MOSCOW) == "with copies"
