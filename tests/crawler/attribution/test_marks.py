from __future__ import annotations

import pytest

from crawler.agencies import Agencies
from crawler.attribution.marks import line_signs, mark_signs

RIA = "https://ria.ru/20220118/ugrozy-1768342211.html"

# (line, kind, domains, address of the original)
MARKS: list[tuple[str, str, list[str], str | None]] = [
    ("ria.ru", "mark_url", ["ria.ru"], None),
    ("www.interfax.ru", "mark_url", ["interfax.ru"], None),
    (
        "https://korrespondent.net/world/4291234-abc",
        "mark_url",
        ["korrespondent.net"],
        "https://korrespondent.net/world/4291234-abc",
    ),
    (RIA, "mark_url", ["ria.ru"], RIA),
    ("ria.ru/20220118/ugrozy-1768342211.html", "mark_url", ["ria.ru"], RIA),
    (f"Подробнее: {RIA}", "mark_url", ["ria.ru"], RIA),
    (f"Читайте далее: {RIA}", "mark_url", ["ria.ru"], RIA),
    (f"Детальніше: {RIA}", "mark_url", ["ria.ru"], RIA),
    (f"Read more at {RIA}", "mark_url", ["ria.ru"], RIA),
    ("Via tass.com", "mark_url", ["tass.ru"], None),
    ("Forbes.ru", "mark_url", ["Forbes.ru".lower()], None),
    ("Источник: РИА Новости", "mark_label", ["ria.ru"], None),
    ("Источник: риа новости", "mark_label", ["ria.ru"], None),
    ("ИСТОЧНИК: ТАСС", "mark_label", ["tass.ru"], None),
    ("Источник — «Коммерсантъ»", "mark_label", ["kommersant.ru"], None),
    ("Источник: газета «Ведомости»", "mark_label", ["vedomosti.ru"], None),
    ("Источник информации: ИА REGNUM", "mark_label", ["regnum.ru"], None),
    (f"Источник - {RIA}", "mark_label", ["ria.ru"], RIA),
    (f"Источник: РИА Новости ({RIA})", "mark_label", ["ria.ru"], RIA),
    ("Источник: fontanka.ru", "mark_label", ["fontanka.ru"], None),
    ("По материалам ТАСС", "mark_label", ["tass.ru"], None),
    ("По материалам: РИА Новости, ТАСС", "mark_label", ["ria.ru", "tass.ru"], None),
    ("По материалам РБК и «Интерфакса»", "mark_label", ["rbc.ru", "interfax.ru"], None),
    ("По сообщению Интерфакса", "mark_label", ["interfax.ru"], None),
    ("Источник: Газета.Ru, ТАСС", "mark_label", ["gazeta.ru", "tass.ru"], None),
    ("Источник: пресс-служба МВД, ТАСС", "mark_label", ["tass.ru"], None),
    ("Джерело: Укрінформ", "mark_label", ["ukrinform.ua"], None),
    ("За матеріалами УНІАН", "mark_label", ["unian.net"], None),
    ("Source: Reuters", "mark_label", ["reuters.com"], None),
    ("Source: Reuters/nh", "mark_label", ["reuters.com"], None),
    ("Sources: AP, AFP", "mark_label", ["apnews.com", "afp.com"], None),
    ("Originally published by AP", "mark_label", ["apnews.com"], None),
    (
        "This article was originally published on theconversation.com",
        "mark_label",
        ["theconversation.com"],
        None,
    ),
    ("By The Associated Press", "mark_label", ["apnews.com"], None),
    ("Quelle: dpa", "mark_label", ["dpa.com"], None),
    ("РИА Новости", "mark_name", ["ria.ru"], None),
    ("«Интерфакс»", "mark_name", ["interfax.ru"], None),
    ("Газета.Ru", "mark_name", ["gazeta.ru"], None),
    ("/ТАСС/", "mark_name", ["tass.ru"], None),
    ("(Reuters)", "mark_name", ["reuters.com"], None),
    ("- AP", "mark_name", ["apnews.com"], None),
    ("— AFP", "mark_name", ["afp.com"], None),
    ("AFP-JIJI", "mark_name", ["afp.com"], None),
    ("AP/Reuters", "mark_name", ["apnews.com", "reuters.com"], None),
    ("ТАСС, 18 января 2022", "mark_name", ["tass.ru"], None),
    ("УНИАН", "mark_name", ["unian.net"], None),
    ("© 2019 The Associated Press", "mark_name", ["apnews.com"], None),
    ("© РИА Новости, 2026", "mark_name", ["ria.ru"], None),
    ("© Интерфакс, 1991–2026 гг.", "mark_name", ["interfax.ru"], None),
    ("© ТАСС, 2026. Все права защищены.", "mark_name", ["tass.ru"], None),
    ("Copyright Reuters, 2026", "mark_name", ["reuters.com"], None),
    ("Copyright 2019 The Associated Press. All rights reserved.", "mark_name", ["apnews.com"], None),
    ("The-CNN-Wire ™ & © 2019 Cable News Network, Inc.", "mark_name", ["cnn.com"], None),
]

NO_MARKS = [
    "Источник: пресс-служба прокуратуры",
    "Источник: СК РФ по Самарской области",
    "Источник в полиции подтвердил это",
    "По данным ТАСС, погибли трое",
    "По данным полиции",
    "ТАСС сообщил об этом",
    "Фото: РИА Новости",
    "Фото: РИА Новости / Иван Петров",
    "Источник фото: РИА Новости",
    "Источник изображения: ria.ru",
    "Видео: ТАСС",
    "Відео: УНІАН",
    "© РИА Новости / Иван Петров",
    "© РИА Новости",
    "© AFP 2019 / John Smith",
    "© AFP, 2019 / John Smith",
    "© AFP 2019",
    "© РИА Новости, Иван Петров",
    "© РИА Новости, 2026 год стал лучшим",
    "© 2019, РИА «Новый День»",
    "© 2019 Getty / AFP",
    "AP Photo/John Smith",
    "(AP Photo/John Smith, File)",
    "REUTERS/John Smith",
    "PA Wire",
    "Image Credits: AP",
    "Getty Images",
    "Photo: Reuters",
    "t.me/rian_ru",
    "Источник: https://t.me/rian_ru",
    "https://www.youtube.com/watch?v=abc",
    "Подписывайтесь на наш канал в Telegram",
    "Node.js",
    "18.01.2022",
    "editor@ria.ru",
    "Автор: Иван Петров",
    "By John Smith",
    "Читайте также",
    "AP told us so",
    "Trend is your friend",
    "http://[",
    "://",
    "©",
    "",
]


@pytest.mark.parametrize(("line", "kind", "domains", "url"), MARKS, ids=[each[0] for each in MARKS])
def test_closing_line(agencies: Agencies, line: str, kind: str, domains: list[str], url: str | None) -> None:
    signs = line_signs(line, agencies)
    assert [sign.house.domain for sign in signs] == domains
    assert {sign.kind for sign in signs} == {kind}
    assert {sign.text for sign in signs} == {line}
    assert {sign.url for sign in signs} == {url}


@pytest.mark.parametrize("line", NO_MARKS)
def test_line_that_names_no_source(agencies: Agencies, line: str) -> None:
    assert line_signs(line, agencies) == []


def test_only_short_last_paragraphs_are_closing_lines(agencies: Agencies) -> None:
    text = "Глава ведомства выступил на форуме и ответил на вопросы журналистов."
    assert [sign.text for sign in mark_signs([], [text, "ТАСС", "Теги: нефть", "18:40"], agencies)] == [
        "ТАСС"
    ]
    assert not [*mark_signs([], ["ТАСС", text, text, text], agencies)]
    assert not [
        *mark_signs([], [text, "Источник: по нашим сведениям и сведениям коллег из агентства ТАСС"], agencies)
    ]


def test_a_line_set_apart_and_left_in_the_body_is_one_line(agencies: Agencies) -> None:
    assert len([*mark_signs(["ria.ru"], ["Текст.", "ria.ru"], agencies)]) == 1
