"""The page of an article as visitors meet it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from index.outbox.looking import LookingBackend
from index.outbox.store import Outbox
from index.web.article_page import MOST_CHARACTERS, VERSIONS
from index.web.server import served
from tests.index.outbox.remote import FileRemote
from tests.index.web.browser import Answer, Browser
from tests.index.web.conftest import options_for
from tests.index.web.told import COPIES, DAY, EDITED, ORIGINAL, SECOND, TIME, UNDATED, told

STORY = min(each.id for each in (ORIGINAL, *COPIES))


def facts(page: Answer) -> dict[str, str]:
    """The facts beside the text: label to what is said."""
    rows = page.tree.cssselect(".facts dl > div")
    return {
        row.cssselect("dt")[0].text_content(): " | ".join(
            " ".join(part.split()) for part in row.cssselect("dd")[0].itertext() if part.strip()
        )
        for row in rows
    }


def test_the_text_in_its_paragraphs(desk: Browser) -> None:
    page = desk.get(f"/article/{SECOND.id}")
    assert page.status == 200
    assert page.texts("h1") == ["Новый заголовок"]
    assert page.texts("title") == ["Новый заголовок · Svodka"]
    assert page.texts(".text > div p") == SECOND.paragraphs
    assert page.texts(".text > div .lead") == ["Вводный абзац."]
    assert page.tree.cssselect(".text > div")[0].get("lang") == "ru"
    assert page.link("Read it at f.example") == SECOND.url
    assert page.texts(".text .about") == [
        "f.example 20 Nov 2026, 06:00 Вера Лугова, Пётр Нилов edited, version 2"
    ]


def test_where_its_facts_come_from(desk: Browser) -> None:
    assert facts(desk.get(f"/article/{SECOND.id}")) == {
        "Published": "20 Nov 2026, 06:00 | Exact to the second, from the page’s JSON-LD. | "
        "20 November 2026, 09:00 by the offset given there, UTC+03:00.",
        "Last changed, says the page": "20 Nov 2026, 08:00",
        "First seen": "20 Nov 2026, 07:00",
        "Fetched": "20 Nov 2026, 10:00",
        "Authors": "Вера Лугова, Пётр Нилов",
        "Section": "Транспорт",
        "Language": "Russian",
        "Length": f"{SECOND.word_count} words",
        "Tags": "мост, паром",
        "Address": SECOND.url,
    }
    day = facts(desk.get(f"/article/{DAY.id}"))
    assert day["Published"] == (
        "20 Nov 2026 | Only the day is known, from the page’s meta data. | "
        "Kept as 12:00 UTC, at which it is that day in nearly every time zone."
    )
    assert "Fetched" not in day, "it was seen and fetched at once"
    undated = facts(desk.get(f"/article/{UNDATED.id}"))
    assert undated["Published"].endswith(
        "The page gives no date: the time at which Svodka first saw it stands in."
    )
    assert "No UTC offset is given there" in facts(desk.get(f"/article/{ORIGINAL.id}"))["Published"]


def test_whose_text_it_is_and_by_which_signs(desk: Browser) -> None:
    page = desk.get(f"/article/{EDITED.id}")
    assert page.texts(".facts strong") == ["Лента (wire.example)"]
    assert page.texts(".signs li") == [
        (
            "closing line with a label “Источник: Лента” names Лента (wire.example); "
            "a mark: the text came from there (confidence 0.80)"
        )
    ]
    second = desk.get(f"/article/{SECOND.id}")
    assert second.texts(".signs li") == [
        "nothing points elsewhere its own house, so it does not make a copy (confidence 1.00)",
        (
            "mention in the text “сообщает ТАСС” names ТАСС (tass.ru); "
            "only a report about it, makes no copy (confidence 0.20)"
        ),
    ]
    assert second.link("https://wire.example/original") == "https://wire.example/original"


def test_its_role_leads_to_the_story(desk: Browser) -> None:
    copy = desk.get(f"/article/{EDITED.id}")
    assert copy.texts(".kicker") == ["A copy of Главная новость (wire.example)"]
    assert copy.links(".kicker a") == [f"/article/{ORIGINAL.id}"]
    assert copy.link("The story with its 5 copies") == f"/story/{STORY}"
    assert copy.link("What the copy changed") == f"/story/{STORY}/compare/{EDITED.id}"
    original = desk.get(f"/article/{ORIGINAL.id}")
    assert original.texts(".kicker") == ["An original with copies"]
    assert original.link("The story with its 5 copies") == f"/story/{STORY}"
    alone = desk.get(f"/article/{SECOND.id}")
    assert alone.texts(".kicker") == ["Article"]
    assert "Nobody has copied this text." in alone.texts(".facts p")


def test_versions_lead_to_what_was_edited(desk: Browser) -> None:
    page = desk.get(f"/article/{SECOND.id}")
    assert page.texts(".versions li") == [
        "Version 2 Fetched 20 Nov 2026, 10:00another headline, 1 word removed, 23 words added",
        "Version 1 Fetched 20 Nov 2026, 07:00",
    ]
    edited = desk.get(page.link("Version 2"))
    assert edited.texts("h1") == ["What was edited"]
    assert edited.texts(".diff .headline del, .diff .headline ins") == ["removed: Прежний", "added: Новый"]
    assert not desk.get(f"/article/{ORIGINAL.id}").texts(".versions")


def test_of_many_versions_the_newest_are_listed(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/svodka.db"
    with closing(open_index(address)) as backend:
        for n in range(1, VERSIONS + 4):
            backend.put([told("a.example", f"Было {n} раз.", title="Счёт")])
    with served(options_for(address)) as base:
        page = Browser(base).get(f"/article/{told('a.example', '', title='Счёт').id}")
    assert [each.split(" Fetched")[0] for each in page.texts(".versions li")] == [
        f"Version {n}" for n in range(VERSIONS + 3, 3, -1)
    ]
    assert len(page.links(".versions a")) == VERSIONS, "the oldest of them too has one before it"
    assert page.texts(".facts .note") == [f"The newest {VERSIONS} are listed."]


def test_a_long_text_is_cut_and_it_is_told(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/svodka.db"
    long = told("a.example", "\n\n".join(f"Абзац {n} длинного текста." for n in range(20_000)))
    with closing(open_index(address)) as backend:
        backend.put([long])
    with served(options_for(address)) as base:
        browser = Browser(base)
        page = browser.get(f"/article/{long.id}")
        assert len(browser.get(f"/article/{long.id}", Accept_Encoding="gzip").body) < 60_000
        assert sum(map(len, page.texts(".text > div p"))) == pytest.approx(MOST_CHARACTERS, abs=1)
        assert browser.get(page.links(".text .note a")[0]).json["body"] == long.body
    assert "only its beginning is shown" in page.texts(".text .note")[0]


def test_in_russian_with_zone_and_language_in_links(desk: Browser) -> None:
    page = desk.get(f"/article/{EDITED.id}?zone=Europe/Moscow&lang=ru")
    assert page.texts(".text .about") == ["a.example 20 ноя 2026, 10:12"]
    assert facts(page)["Язык"] == "русский"
    inner = [link for link in page.links("main a") if link.startswith(("/story", "/article"))]
    assert len(inner) == 3
    assert all("zone=Europe%2FMoscow&lang=ru" in link for link in inner)
    assert replace(desk, language="ru").get(f"/article/{EDITED.id}").tree.get("lang") == "ru"


def test_json(desk: Browser) -> None:
    assert desk.get(desk.get(f"/article/{SECOND.id}").link("JSON")).json["title"] == SECOND.title


def test_another_id_that_led_to_it_leads_to_it(desk: Browser) -> None:
    answer = desk.get(f"/article/{'f' * 32}?lang=ru")
    assert (answer.status, answer.headers["location"]) == (303, f"/article/{SECOND.id}?lang=ru")


@pytest.mark.parametrize("id", ["0" * 32, "x", "Z" * 300])
def test_no_such_article(desk: Browser, id: str) -> None:
    page = desk.get(f"/article/{id}")
    assert page.status == 404
    assert "There is no article with this id." in page.text


def test_an_article_that_waits_to_be_sent_is_told_so(tmp_path: Path) -> None:
    waits = told("a.example", "Ждёт отправки.", published_at=TIME)
    send_later(tmp_path, waits)

    def looking() -> Backend:
        return LookingBackend(FileRemote.at(tmp_path / "remote"), Outbox(tmp_path / "outbox.db"))

    options = replace(options_for(""), open=looking)
    with served(options) as base:
        page = Browser(base).get(f"/article/{waits.id}")
        absent = Browser(base).get(f"/article/{'0' * 32}")
    assert (page.status, absent.status) == (404, 404)
    assert "waits on this machine to be sent" in page.text
    assert "There is no article with this id." in absent.text


def send_later(folder: Path, article: Article) -> None:
    """Put an article while the index does not answer, which it does again afterwards."""
    with FileRemote.at(folder / "remote") as remote:
        remote.script("down")
        backend = OutboxBackend(remote, Outbox(folder / "outbox.db"))
        assert backend.put([article]) == ["waiting"]
        backend.outbox.close()
        remote.unscript("down")
