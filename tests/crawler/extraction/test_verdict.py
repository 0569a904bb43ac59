from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extraction import Extracted, extract
from crawler.site import Articles, Site

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROSE = "Смотритель маяка рассказал, что лампу меняют раз в год и всегда ночью. "
MENU = [
    "Общество",
    "Политика",
    "Экономика",
    "Культура",
    "Спорт",
    "Наука",
    "Происшествия",
    "Город",
    "Область",
    "Архив",
]


def read(
    body: str, *, url: str = "https://paper.example/news/1.html", head: str = "", site: Site | None = None
) -> Extracted:
    return extract(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url, site, now=NOW)


def site(min_words: int) -> Site:
    return Site(
        name="paper.example",
        title="Газета",
        domains=["paper.example"],
        time_zone="Europe/Moscow",
        feeds=["https://paper.example/rss"],
        articles=Articles(min_words=min_words),
    )


def teasers(count: int, ending: str) -> str:
    return "".join(
        f'<div class="item"><h3><a href="/n/{n}">Новость номер {n} о делах посёлка</a></h3><p>{n}-я смена: {PROSE}{ending}</p></div>'
        for n in range(count)
    )


@pytest.mark.parametrize("ending", ["И так каждый день…", "И так каждый день."])
def test_index_page_is_no_article(ending: str) -> None:
    found = read(f"<h1>Новости посёлка</h1>{teasers(8, ending)}", url="https://paper.example/news/")
    assert found.rejected == "not_an_article"
    assert found.reason


def test_front_page_is_no_article_even_with_prose() -> None:
    found = read(f"<h1>Газета</h1><p>{PROSE * 4}</p><p>{PROSE * 3}</p>", url="https://paper.example/")
    assert (found.rejected, found.reason) == ("not_an_article", "the site's front page")


@pytest.mark.parametrize("declared", ["", '<meta property="og:type" content="article">'])
def test_menus_are_never_a_body(declared: str) -> None:
    rows = "".join(f"<div><div>{name}</div><div>{name} региона</div></div>" for name in MENU * 4)
    found = read(f"<h1>В посёлке наградили лучших</h1>{rows}", head=declared)
    assert found.rejected == "not_an_article"
    assert (found.body, found.lead) == ("", None)


@pytest.mark.parametrize(
    ("title", "extra", "path", "words"),
    [
        ("Страница не найдена", "", "/news/gone.html", "an error page"),
        ("404", "", "/news/gone.html", "an error page"),
        ("Page not found", "", "/x", "an error page"),
        ("Вход", '<form><input type="password"></form>', "/login", "a login page"),
        ("Результаты поиска", "", "/search/", "search results"),
        ("Search: ferries", "", "/search", "search results"),
    ],
)
def test_service_pages(title: str, extra: str, path: str, words: str) -> None:
    found = read(f"<h1>{title}</h1><p>{PROSE * 2}</p>{extra}", url=f"https://paper.example{path}")
    assert found.rejected == "not_an_article"
    assert words in (found.reason or "")


@pytest.mark.parametrize(
    "title",
    [
        "Вход в порт закрыли из-за шторма",
        "Пропавшая лодка не найдена",
        "Search results of rescuers are in",
        "Доступ к берегу ограничен на неделю",
        "Номер дома 404 вернули владельцу",
    ],
)
def test_headlines_with_such_words_are_articles(title: str) -> None:
    found = read(f"<h1>{title}</h1><p>{PROSE * 3}</p><input type='password'>")
    assert found.rejected is None


@pytest.mark.parametrize(("least", "rejected"), [(20, "too_short"), (12, None), (0, None)])
def test_least_length_is_the_sites(least: int, rejected: str | None) -> None:
    found = read(f"<h1>Лампу маяка меняют ночью</h1><p>{PROSE}</p>", site=site(least))
    assert found.rejected == rejected
    assert found.body == PROSE.strip()
    if rejected:
        assert found.reason == "12 words, fewer than 20"
