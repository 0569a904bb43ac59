from __future__ import annotations

import pytest

from crawler.extraction.source_lines import is_source_line, split_source_lines

TEXT = ["Паром вышел из порта в шесть утра.", "На борту было двести человек."]
NAMES = {"РИА Новости", "ТАСС", "Reuters"}


@pytest.mark.parametrize(
    "mark",
    [
        "ria.ru",
        "https://tass.ru/obschestvo/123",
        "www.interfax.ru",
        "известия.рф",
        "Via tass.com",
        "via: Reuters",
        "Источник: РИА Новости",
        "Источник — ТАСС",
        "Источник информации: пресс-служба порта",
        "По материалам ТАСС",
        "По материалам: tass.ru",
        "Первоисточник: https://example.org/a",
        "Подробнее: https://example.org/a",
        "Подробнее на ria.ru",
        "Джерело: Укрінформ",
        "За матеріалами Укрінформу",
        "Source: Reuters",
        "Original source: AP",
        "Originally published by AP",
        "With files from The Canadian Press",
        "Read more at example.org/story",
        "Quelle: dpa",
        "Źródło: PAP",
        "/ТАСС/",
        "(Reuters)",
        "[AFP]",
        "— AP",
        "© 2019 The Associated Press",
        "Copyright 2020 The Associated Press. All rights reserved.",
        "(Reporting by Ann Lee and Bo Ray in Oslo; Editing by Sam Okoro)",
        "Reporting by Ann Lee; additional reporting by Bo Ray; editing by Sam Okoro",
        "Editing by Sam Okoro",
    ],
)
def test_marks_are_taken_off_the_end(mark: str) -> None:
    assert split_source_lines([*TEXT, mark]) == (TEXT, [mark])


@pytest.mark.parametrize(
    "line",
    [
        "Источник в порту рассказал, что паром задержится.",
        "Подробнее: как живут смотрители маяков",
        "По данным следствия, паром вышел вовремя.",
        "Source code was published on Monday.",
        "Reporting from the scene, our staff saw smoke.",
        "— Нет, паром не пойдёт, — ответил он.",
        "— Да.",
        "(Продолжение следует.)",
        "Его сайт называется port.example.",
        "файл.pdf",
        "РИА Новости",
        "Москва",
        "",
        "x" * 500,
    ],
)
def test_prose_stays(line: str) -> None:
    assert split_source_lines([*TEXT, line]) == ([*TEXT, line], [])


def test_several_marks_keep_their_order() -> None:
    marks = ["Источник: ТАСС", "(Reporting by Ann Lee; Editing by Sam Okoro)"]
    assert split_source_lines([*TEXT, *marks]) == (TEXT, marks)


def test_at_most_three_marks_and_never_the_whole_text() -> None:
    links = [f"site{number}.ru" for number in range(5)]
    assert split_source_lines([*TEXT, *links]) == ([*TEXT, *links[:2]], links[2:])
    assert split_source_lines(["ria.ru"]) == (["ria.ru"], [])
    assert split_source_lines([]) == ([], [])


def test_marks_inside_the_text_stay() -> None:
    assert split_source_lines([TEXT[0], "ria.ru", TEXT[1]]) == ([TEXT[0], "ria.ru", TEXT[1]], [])


@pytest.mark.parametrize("line", ["РИА Новости", "ТАСС.", "«Reuters»", "— ТАСС"])
def test_known_names_count_when_the_caller_knows_them(line: str) -> None:
    assert is_source_line(line, NAMES.__contains__)
    assert not is_source_line("Петров", NAMES.__contains__)
