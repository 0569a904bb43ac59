from __future__ import annotations

import pytest

from crawler.extraction.blocks import read_blocks
from crawler.extraction.body import read_body
from crawler.extraction.clean import clean, is_cue
from crawler.extraction.matching import Line
from crawler.extraction.tree import parse

TITLE = "Маяк снова зажгли"
PROSE = [
    "Маяк на мысе снова зажгли после двух лет ремонта, и в первую ночь его свет видели за сорок километров.",
    "Смотритель Фёдор Лапин рассказал, что лампу подняли по винтовой лестнице вчетвером и чуть не уронили.",
    "Старую линзу отдали в музей, где её поставили у окна, чтобы она ловила солнце с утра до самого вечера.",
]


def cleaned(html: str, title: str | None = TITLE) -> list[str]:
    blocks = read_blocks(parse(f"<html><body>{html}</body></html>"))
    return [line.text for line in clean([Line(block.text, block) for block in blocks], title, blocks)]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "line",
    [
        "Читайте также: Паром вернулся на линию",
        "Читайте ещё",
        "См. также: Паром вернулся",
        "Материалы по теме",
        "Новости партнеров",
        "Новости СМИ2",
        "Подписывайтесь на наш канал в Telegram",
        "Нашли ошибку? Выделите её и нажмите Ctrl+Enter",
        "Фото: Иван Лугов / РИА Новости",
        "Читайте також: Пором повернувся",
        "Підписуйтесь на нас",
        "Read more: Ferry returns to the harbour",
        "Also read: Ferry returns",
        "Related stories",
        "Sign up for our daily newsletter",
        "Follow us on Facebook",
        "Advertisement",
        "Story continues below",
        "Photo: Jon Reed",
        "Lesen Sie auch: Die Fähre ist zurück",
        "Mehr zum Thema",
        "Foto: dpa",
        "Das könnte Sie auch interessieren",
        "Lire aussi : Le bac est de retour",
        "• Read also: Ferry returns",
    ],
)
def test_cue_lines_go(line: str) -> None:
    assert cleaned(paragraphs(PROSE[0], line, *PROSE[1:])) == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Читайте книги, советует он детям, и ходите на маяк.",
        "Подписали договор о ремонте только весной, и работы начались поздно.",
        "Related costs rose by a third, the board said on Monday.",
        "Read aloud in the square, the letter drew applause from everyone.",
        "Follow the path to the lighthouse and you will see the old lens.",
        "Фотографии маяка хранятся в областном архиве с прошлого века.",
        "Рекламация пришла в порт слишком поздно, её не стали рассматривать.",
        "Copyright 2020 The Associated Press",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    assert not is_cue(line)
    assert cleaned(paragraphs(PROSE[0], line, *PROSE[1:])) == [PROSE[0], line, *PROSE[1:]]


def test_repeated_headline_goes() -> None:
    assert cleaned(f"<h1>{TITLE}</h1><h2>«Маяк» снова зажгли!</h2>{paragraphs(*PROSE)}") == PROSE


def test_lines_above_the_headline_go() -> None:
    assert cleaned(f"<div>Поиск по сайту</div><div>Погода</div><h1>{TITLE}</h1>{paragraphs(*PROSE)}") == PROSE


def test_a_headline_below_the_text_takes_nothing_away() -> None:
    assert cleaned(f"{paragraphs(*PROSE)}<h1>{TITLE}</h1>") == PROSE


def test_link_only_lines_go_and_marks_that_are_links_stay() -> None:
    links = '<p><a href="/a">Паром вернулся на линию</a></p><p><a href="https://ria.ru">ria.ru</a></p>'
    assert cleaned(paragraphs(*PROSE) + links) == [*PROSE, "ria.ru"]


@pytest.mark.parametrize(
    "frame", ['<div class="related-news">', "<aside>", "<figcaption>", '<div style="display: none">']
)
def test_boxes_captions_and_hidden_lines_go(frame: str) -> None:
    tag = frame[1:].split()[0].rstrip(">")
    assert cleaned(f"{paragraphs(*PROSE)}{frame}Паром ждут к вечеру.</{tag}>") == PROSE


def test_a_class_that_holds_the_whole_text_is_no_box() -> None:
    assert cleaned(f'<div class="related-content">{paragraphs(*PROSE)}</div>') == PROSE


def test_copies_in_another_container_go_and_repeats_in_the_same_stay() -> None:
    copy = f"<div>{paragraphs(*PROSE)}</div>"
    assert cleaned(copy + copy) == PROSE
    refrain = "И свет опять гас, и его опять зажигали, и так всю ночь."
    assert cleaned(paragraphs(PROSE[0], refrain, PROSE[1], refrain, PROSE[2])).count(refrain) == 2


def test_headings_after_the_text_go() -> None:
    assert cleaned(f"{paragraphs(*PROSE)}<h3>Комментарии читателей</h3>") == PROSE


def test_one_closing_ellipsis_is_no_teaser() -> None:
    last = "А что будет дальше, на мысе пока не знает никто…"
    assert cleaned(paragraphs(*PROSE, last)) == [*PROSE, last]


def test_digest_under_linked_headlines_is_kept_whole() -> None:
    digest = "".join(
        f'<h3><a href="/{n}">Новость номер {n} о маяке и людях</a></h3><p>{text}</p>'
        for n, text in enumerate(PROSE)
    )
    assert cleaned(digest) == PROSE


def page(html: str, title: str = TITLE, summary: str | None = None) -> tuple[str | None, list[str]]:
    root = parse(f"<html><body>{html}</body></html>")
    body = read_body(root, read_blocks(root), title, summary, None)
    return body.lead, body.paragraphs


def test_deck_between_headline_and_text_is_the_lead() -> None:
    deck = "После двух лет ремонта свет на мысе снова виден за сорок километров от берега."
    head = f'<div><h1>{TITLE}</h1><div class="deck">{deck}</div></div>'
    text = f'<div class="article-body">{paragraphs(*PROSE)}</div>'
    assert page(head + text) == (deck, PROSE)


def test_text_cut_into_containers_is_joined() -> None:
    part = '<div class="text-part">{}</div>'
    ad = '<div class="advert"><p>Реклама</p></div>'
    more = [
        "К весне обещают открыть и музей при маяке, а пока туда пускают только школьников с учителями по субботам."
    ]
    html = f"<h1>{TITLE}</h1>{part.format(paragraphs(*PROSE))}{ad}{part.format(paragraphs(*more))}"
    assert page(html) == (None, [*PROSE, *more])
