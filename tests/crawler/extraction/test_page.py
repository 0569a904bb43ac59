from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extraction import Extracted, extract
from crawler.extraction.extracted import SourceLink

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOTE_URL = "https://zarechnye.example/sobytiya/rechnoy-port-otlozhil-zapusk/"
NOTE = (PAGES / "copied_note.html").read_text(encoding="utf-8")
OPENINGS = ("Администрация речного порта", "«Мы замеряем лёд", "Самарин добавил", "В конце 2025 года")
FOUR = [text for text in re.findall(r"<p>(.*?)</p>", NOTE) if text.startswith(OPENINGS)]


def read(name: str, url: str = "https://paper.example/news/page.html") -> Extracted:
    return extract((PAGES / name).read_bytes(), url, now=NOW)


def paragraphs(found: Extracted) -> list[str]:
    return [text for text in [found.lead or "", *found.body.split("\n\n")] if text]


def without_classes(page: str) -> str:
    return re.sub(r' (?:class|id)="[^"]*"', "", page)


def as_divs(page: str) -> str:
    return re.sub(r"<(/?)(?:p|h3)>", r"<\1div>", page)


def in_one_box(page: str) -> str:
    return re.sub(r'</div>\s*</div>\s*<div class="list">', "", page)


def with_line_breaks(page: str) -> str:
    text = (
        "<br><br>".join(FOUR[:2])
        + "<div><b>Новости партнеров</b></div>"
        + "<br><br>".join([*FOUR[2:], "ria.ru"])
    )
    pattern = r'<div class="article-text">.*?</div>\s*</div>\s*</div>\s*<div class="list">'
    return re.sub(pattern, f'<div>{text}</div></div><div class="list">', page, flags=re.DOTALL)


NOTE_VARIANTS = {
    "as saved": NOTE,
    "without classes": without_classes(NOTE),
    "divs only": as_divs(without_classes(NOTE)),
    "line breaks": with_line_breaks(NOTE),
    "line breaks, no classes": without_classes(with_line_breaks(NOTE)),
    "teasers in the same box": in_one_box(NOTE),
    "teasers in the same box, no classes": without_classes(in_one_box(NOTE)),
    "teasers in the same box, divs only": as_divs(without_classes(in_one_box(NOTE))),
    "mark is a link": NOTE.replace("<p>ria.ru</p>", '<p><a href="https://ria.ru">ria.ru</a></p>'),
    "mark outside the text": NOTE.replace("<p>ria.ru</p>\n</div>", '</div><span class="src">ria.ru</span>'),
    "article tag": NOTE.replace('<div class="article">', "<article>").replace(
        '</div>\n</div>\n<div class="list">', '</div></article>\n<div class="list">'
    ),
    "box without a class": NOTE.replace('class="partner-box"', "").replace(
        "<p>Новости партнеров</p>", "<div>Новости партнеров</div>"
    ),
    "box is its heading": re.sub(
        r'<div class="partner-box">.*?</div>', "<p>Новости партнеров</p>", NOTE, flags=re.DOTALL
    ),
}


@pytest.mark.parametrize("variant", NOTE_VARIANTS)
def test_copied_note_gives_its_four_paragraphs_and_the_mark(variant: str) -> None:
    found = extract(NOTE_VARIANTS[variant].encode(), NOTE_URL, now=NOW)
    assert paragraphs(found) == FOUR
    assert found.source_lines == ["ria.ru"]
    assert found.title == "Речной порт отложил запуск зимней переправы"
    assert found.section == "События"
    assert found.published is not None
    assert found.published.isoformat() == "2026-01-18T09:42:00+03:00"
    assert (found.origin, found.published_zoned, found.rejected) == ("meta", True, None)


def test_page_without_a_date_has_none() -> None:
    found = read("copied_note_undated.html")
    assert paragraphs(found) == FOUR
    assert (found.published, found.precision, found.origin) == (None, "unknown", "first_seen")


def test_fields_of_an_english_page() -> None:
    found = read("english_wire.html")
    assert found.title == "Harbour ferry returns after two-year refit"
    assert found.lead
    assert found.lead.startswith("Passengers queued before dawn")
    assert found.body.startswith("PORT ALDER (APA) — The ferry left")
    assert found.authors == ["Mira Holt"]
    assert found.organisations == ["Alder Press Agency"]
    assert found.published == datetime(2026, 3, 4, 7, 15, tzinfo=UTC)
    assert found.modified == datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert (found.origin, found.precision) == ("json_ld", "second")
    assert (found.section, found.language) == ("Local", "en")
    assert found.tags == ["ferries", "Port Alder", "transport"]
    assert found.image == "https://paper.example/img/ferry.jpg"
    assert found.canonical_url == "https://wire.example.net/a/881"
    assert found.source_links == [SourceLink("source_link", "https://wire.example.net/a/881")]
    assert found.source_lines == ["(Reporting by Mira Holt; Editing by Sam Okoro)"]


@pytest.mark.parametrize(
    "foreign",
    [
        "Photo: Jon Reed",
        "Read more",
        "Advertisement",
        "Sign up",
        "Lighthouse",
        "cottage",
        "By Mira Holt",
        "©",
    ],
)
def test_english_body_holds_no_box_no_caption_and_no_second_article(foreign: str) -> None:
    found = read("english_wire.html")
    assert foreign not in "\n".join(paragraphs(found))
    assert len(paragraphs(found)) == 5


def test_hidden_copy_is_left_out() -> None:
    found = read("hidden_copy.html")
    assert len(paragraphs(found)) == 3
    assert len(set(paragraphs(found))) == 3
    assert found.published is not None
    assert found.published.isoformat() == "2025-11-02T18:30:00+05:00"


def test_copy_that_only_another_class_tells_is_left_out_too() -> None:
    page = (PAGES / "hidden_copy.html").read_text(encoding="utf-8").replace('style="display:none"', "")
    assert len(paragraphs(extract(page.encode(), "https://paper.example/x", now=NOW))) == 3


def test_json_ld_body_rescues_a_page_that_shows_no_text() -> None:
    text = " ".join(
        f"Sentence {number} of the hidden report is long enough to count." for number in range(12)
    )
    page = (
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "A report behind a '
        f'script", "articleBody": "{text}"}}</script></head><body><h1>A report behind a script</h1></body></html>'
    )
    found = extract(page.encode(), "https://paper.example/x", now=NOW)
    assert found.body == text
    assert found.rejected is None


def test_two_runs_are_equal() -> None:
    assert read("english_wire.html") == read("english_wire.html")
