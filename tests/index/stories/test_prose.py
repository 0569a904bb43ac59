from __future__ import annotations

import pytest

from index.article import Evidence, Source
from index.stories.prose import is_caption, paragraph_hash, prose
from tests.make import make_article

FIRST = "Завод начал выпуск новых трамваев, сообщила пресс-служба губернатора."
SECOND = "Первые десять машин получит Пермь."


def with_signs(body: str, *signs: tuple[str, str], lead: str | None = None) -> list[str]:
    evidence = [
        Evidence(kind=kind, name="РИА Новости", domain="ria.ru", text=text, confidence=0.7)  # type: ignore[arg-type]  # one of EvidenceKind
        for kind, text in signs
    ]
    source = Source(name="РИА Новости", domain="ria.ru", confidence=0.7, evidence=evidence)
    return prose(make_article(body=body, lead=lead, source=source))


@pytest.mark.parametrize("kind", ["mark_url", "mark_label", "mark_name", "sign_off"])
def test_a_mark_line_is_no_prose(kind: str) -> None:
    line = "Источник: агентство новостей, подробности на его странице."
    assert with_signs(f"{FIRST}\n\n{line}", (kind, line)) == [FIRST]
    assert with_signs(f"{FIRST}\n\n{line}") == [FIRST, line]


def test_a_mark_inside_a_sentence_stays() -> None:
    body = f"{FIRST}\n\nОб этом пишет РИА Новости."
    assert with_signs(body, ("inline", "пишет РИА Новости")) == body.split("\n\n")


def test_the_dateline_is_cut_from_the_opening() -> None:
    dateline = "ПЕРМЬ, 18 янв — РИА Новости."
    body = f"{dateline} {FIRST}\n\n{SECOND}"
    assert with_signs(body, ("dateline", dateline)) == [FIRST, SECOND]
    assert with_signs(body, ("dateline", dateline), lead="Трамваи поедут уже весной.") == [
        "Трамваи поедут уже весной.",
        FIRST,
        SECOND,
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Читайте также",
        "Глава завода на открытии цеха",
        "7 открытий сезона",
        "Итоги сезона 2016/17",
        "Счёт 2:1",
    ],
)
def test_captions_are_no_prose(line: str) -> None:
    assert is_caption(line)
    assert with_signs(f"{FIRST}\n\n{line}\n\n{SECOND}") == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "Причина не названа.",
        "«Мы рады».",
        'He asked: "Why?"',
        "Net 7.72 billion vs 10.38 billion",
        "USD 78,41 EUR 91,20",
        " ".join(["слово"] * 15),
    ],
)
def test_sentences_and_rows_of_figures_are(line: str) -> None:
    assert not is_caption(line)


def test_furniture_is_left_out_but_never_the_opening() -> None:
    article = make_article(body=f"{FIRST}\n\n{SECOND}")
    both = frozenset({paragraph_hash(FIRST), paragraph_hash(SECOND)})
    assert prose(article, both) == [FIRST]


def test_a_paragraph_hash_is_of_words() -> None:
    assert paragraph_hash("Ещё 1 000 «машин»") == paragraph_hash('еще 1000 "машин".')
    assert paragraph_hash("Две машины") == "d28b3ed2dc6b6c56"
