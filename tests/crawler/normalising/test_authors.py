from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalising.authors import people

AGENCIES = {"риа новости", "тасс", "reuters", "associated press", "интерфакс", "ap"}


def is_agency(name: str) -> bool:
    return name.casefold() in AGENCIES


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Иван Петров", ["Иван Петров"]),
        ("Иван Петров, Анна Иванова", ["Иван Петров", "Анна Иванова"]),
        ("Иван Петров и Анна Иванова", ["Иван Петров", "Анна Иванова"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Автор Иван Петров", ["Иван Петров"]),
        ("Авторы Сергей Борисов", ["Сергей Борисов"]),
        ("Автор статьи: Олеся Жуковень", ["Олеся Жуковень"]),
        ("Текст: Иван Петров, фото: Пётр Сидоров", ["Иван Петров"]),
        ("Подготовила Анна Иванова", ["Анна Иванова"]),
        ("By Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("By Jane Roe, John Doe & Max Mustermann", ["Jane Roe", "John Doe", "Max Mustermann"]),
        ("Von Max Mustermann und Erika Muster", ["Max Mustermann", "Erika Muster"]),
        ("Jane Roe for Reuters", ["Jane Roe"]),
        ("Jane Roe in London", ["Jane Roe"]),
        ("Jane Roe, Reuters", ["Jane Roe"]),
        ("Jane Roe (Reuters)", ["Jane Roe"]),
        ("Сергей Борисов/ТАСС", ["Сергей Борисов"]),
        ("Иван Петров, корреспондент", ["Иван Петров"]),
        ("корреспондент Иван Петров", ["Иван Петров"]),
        ("Шеф-редактор Иван Петров", ["Иван Петров"]),
        ("Иван Петров, политический обозреватель «Известий»", ["Иван Петров"]),
        ("Иван Петров ivan@site.ru", ["Иван Петров"]),
        ("Иван Петров, https://t.me/ivan", ["Иван Петров"]),
        ("Иван Петров | Фото: Мария Снимкова", ["Иван Петров"]),
        ("ИВАН ПЕТРОВ", ["Иван Петров"]),
        ("Иван ПЕТРОВ-ВОДКИН", ["Иван Петров-Водкин"]),
        ("JOHN DOE", ["John Doe"]),
        ("А.С. Пушкин", ["А.С. Пушкин"]),
        ("А. С. ПУШКИН", ["А. С. Пушкин"]),
        ("А.Пушкин", ["А.Пушкин"]),
        ("J. K. Rowling", ["J. K. Rowling"]),
        ("Conan O'Brien", ["Conan O'Brien"]),
        ("Jean-Luc d'Ormesson", ["Jean-Luc d'Ormesson"]),
        ("Ursula von der Leyen", ["Ursula von der Leyen"]),
        ("Ильхам Гейдар оглы Алиев", ["Ильхам Гейдар оглы Алиев"]),
        ("Семён Семенов, Семен Семенов", ["Семён Семенов"]),
        ("Иван\u00a0Петров", ["Иван Петров"]),
        ("Иван Петров\nАнна Иванова", ["Иван Петров", "Анна Иванова"]),
        ("Игорь Ильин и Иван Иванов", ["Игорь Ильин", "Иван Иванов"]),
        ("Andrew Sandberg and Wanda Anders", ["Andrew Sandberg", "Wanda Anders"]),
    ],
)
def test_people_of_a_byline(byline: str, names: list[str]) -> None:
    assert people([byline], is_agency) == names


@pytest.mark.parametrize(
    "byline",
    [
        "", " ", ",", "—", "РИА Новости", "Associated Press", "ТАСС", "Reuters", "By Reuters", "Фото: Пётр Сидоров",
        "Фото Владислав Шатило", "Photo by Jane Roe", "Foto: Max Mustermann", "INFORM KZ", "www.facebook.com",
        "https://www.facebook.com/ivan.petrov", "ivan@site.ru", "редакция", "Редакция Сайта", "admin", "Admin Site",
        "Администратор", "BBC News", "Sky News Staff", "Пресс-служба Кремля", "И В", "И. В.", "Колючий", "user123 x5",
        "Спорт", "Нападающий забил гол", "Подписывайтесь на наш канал", "1234 5678", "«Известия»", "(ТАСС)",
        "Очень Длинное Имя Которое Совсем Не Имя", "undefined null",
    ],
)  # fmt: skip
def test_what_names_nobody(byline: str) -> None:
    assert people([byline], is_agency) == []


def test_each_person_once_in_order() -> None:
    bylines = ["Анна Иванова", "АННА ИВАНОВА, Иван Петров", "By иван петров", "ТАСС"]
    assert people(bylines, is_agency) == ["Анна Иванова", "Иван Петров"]


def test_only_a_byline_is_read() -> None:
    assert len(people(["Иван Петров, " * 10_000], is_agency)) == 1
    assert people([], is_agency) == []


@given(st.lists(st.text(st.characters()), max_size=4))
def test_any_byline_is_read(bylines: list[str]) -> None:
    for name in people(bylines, is_agency):
        assert name.strip() == name
        assert not is_agency(name)
