from __future__ import annotations

import pytest

from crawler.agencies import Agencies
from crawler.attribution.credits import credit_signs
from crawler.attribution.inline import inline_signs
from crawler.attribution.links import link_signs
from crawler.attribution.sign_off import sign_off_signs
from crawler.extraction.extracted import Extracted, SourceLink


@pytest.mark.parametrize(
    ("text", "domain", "words"),
    [
        ("Об этом сообщает РИА Новости.", "ria.ru", "сообщает РИА Новости"),
        ("Как пишет «Коммерсантъ», сделка близка.", "kommersant.ru", "пишет «Коммерсантъ"),
        ("Нефть дорожает, передаёт ТАСС.", "tass.ru", "передаёт ТАСС"),
        ("передает корреспондент ИА REGNUM", "regnum.ru", "передает корреспондент ИА REGNUM"),
        (
            "Портал сообщил со ссылкой на агентство «Интерфакс».",
            "interfax.ru",
            "со ссылкой на агентство «Интерфакс",
        ),
        ("По данным РБК, сделка близка.", "rbc.ru", "По данным РБК"),
        ("рассказал «Известиям» Иванов", "iz.ru", "рассказал «Известиям"),
        ("Сделка близка, пишет Lenta.ru.", "lenta.ru", "пишет Lenta.ru"),
        ("Сделка близка, пишет «Ъ».", "kommersant.ru", "пишет «Ъ"),
        ("Про це повідомляє УНІАН.", "unian.net", "повідомляє УНІАН"),
        ("за даними Укрінформу", "ukrinform.ua", "за даними Укрінформу"),
        ("He told Reuters on Monday.", "reuters.com", "told Reuters"),
        ("Oil rose, according to AFP.", "afp.com", "according to AFP"),
        ("She told the Associated Press.", "apnews.com", "told the Associated Press"),
        ("Сделка близка, сообщает fontanka.ru.", "fontanka.ru", "сообщает fontanka.ru"),
    ],
)
def test_inline(agencies: Agencies, text: str, domain: str, words: str) -> None:
    [sign] = inline_signs([text], agencies)
    assert (sign.kind, sign.house.domain, sign.text) == ("inline", domain, words)


@pytest.mark.parametrize(
    "text",
    [
        "сообщает пресс-служба ведомства",
        "приходят известия с фронта",
        "according to a trend in the data",
        "according to police",
        "told her AP teacher",
        "передает привет",
        "ТАСС",
    ],
)
def test_no_inline(agencies: Agencies, text: str) -> None:
    assert [*inline_signs([text], agencies)] == []


@pytest.mark.parametrize(
    ("credit", "domain"),
    [
        ("РИА Новости", "ria.ru"),
        ("Reuters Staff", "reuters.com"),
        ("By The Associated Press", "apnews.com"),
        ("John Smith, Associated Press", "apnews.com"),
        ("AFP", "afp.com"),
        ("Иван Петров, ТАСС", "tass.ru"),
        ("PTI", "ptinews.com"),
        ("interfax.ru", "interfax.ru"),
        ("Иван Петров", None),
        ("AP Photo/John Smith", None),
        ("Редакция", None),
        ("", None),
    ],
)
def test_credit(agencies: Agencies, credit: str, domain: str | None) -> None:
    for page in (Extracted(authors=[credit]), Extracted(organisations=[credit])):
        assert [sign.house.domain for sign in credit_signs(page, agencies)] == ([domain] if domain else [])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("(Reporting by John Smith; Editing by Jane Doe)", True),
        ("Reporting by John Smith and Jane Doe in London; Writing by Tom Roe; Editing by Ann Poe", True),
        ("(Additional reporting by phone)", False),
        ("Our Standards: The Thomson Reuters Trust Principles.", True),
        ("He praised reporting by the paper and editing by its staff.", False),
        ("Reporting by John Smith", False),
    ],
)
def test_sign_off(agencies: Agencies, line: str, found: bool) -> None:
    signs = [*sign_off_signs(["Oil rose.", line], agencies)]
    assert [(sign.house.domain, sign.text) for sign in signs] == ([("reuters.com", line)] if found else [])


def test_source_links(agencies: Agencies) -> None:
    url = "https://ria.ru/20220118/ugrozy-1768342211.html"
    page = Extracted(
        source_links=[
            SourceLink("source_link", url),
            SourceLink("source_link", "https://tass.ru/"),
            SourceLink("source_link", "https://t.me/rian_ru/1"),
            SourceLink("source_link", "http://["),
            SourceLink("foreign_canonical", "https://lenta.ru/"),
        ],
        canonical_url="https://www.kommersant.ru/doc/5171711",
    )
    assert [(sign.kind, sign.house.domain, sign.url) for sign in link_signs(page, agencies)] == [
        ("source_link", "ria.ru", url),
        ("source_link", "tass.ru", None),
        ("foreign_canonical", "kommersant.ru", "https://www.kommersant.ru/doc/5171711"),
    ]


@pytest.mark.parametrize(
    "canonical",
    [
        "https://other.org/",
        "https://other.org/news/",
        "https://web.archive.org/web/2020/https://other.org/a-b-c-d",
        "/relative/path-of-the-page",
        "",
    ],
)
def test_canonical_that_points_to_no_article(agencies: Agencies, canonical: str) -> None:
    assert [*link_signs(Extracted(canonical_url=canonical), agencies)] == []
