from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.highlight import PASSAGE, PASSAGES, Term, highlights, mark, terms
from index.search.parse import parse
from index.search.results import MATCH_END, MATCH_START
from tests.make import make_article

FILLER = "Город живёт своей обычной жизнью, и ничего нового в нём сегодня не произошло. "


def shown(query: str, body: str, lead: str | None = None) -> list[str]:
    """Passages with the marks as brackets."""
    found = highlights(make_article(lead=lead, body=body), terms(parse(query).root))
    return [passage.replace(MATCH_START, "[").replace(MATCH_END, "]") for passage in found]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("угроза", "Об угрозах говорили.", "Об [угрозах] говорили."),
        ("елка", "Ёлки и «ЁЛКУ» видели.", "[Ёлки] и «[ЁЛКУ]» видели."),
        ("ёлка", "Елки видели.", "[Елки] видели."),
        ("talk", "The talks, talking.", "The [talks], [talking]."),
        ("угр*", "Угроза и угрюмый.", "[Угроза] и [угрюмый]."),
        ('"гарантия безопасности"', "Гарантии безопасности, гарантии.", "[Гарантии безопасности], гарантии."),
        ('"a b" a', "a b a", "[a b] [a]"),
        ("вице-премьер", "Вице-премьер и премьер.", "[Вице-премьер] и премьер."),
        ("ria.ru", "Сайт ria.ru, ria.", "Сайт [ria.ru], ria."),
        ("мост -угроза", "Мост и угроза.", "[Мост] и угроза."),
        ("мост OR река", "Мост через реку.", "[Мост] через [реку]."),
        ("-(мост OR река)", "Мост через реку.", "Мост через реку."),
        ("title:мост", "Мост через реку.", "Мост через реку."),
        ("site:ria.ru", "Мост через реку.", "Мост через реку."),
        ("", "Мост через реку.", "Мост через реку."),
        ("a", "<b>a</b> & a", "<b>[a]</b> & [a]"),
        ("замок", "За\u0301мок и е\u0308ж.", "[За\u0301мок] и е\u0308ж."),
    ],
)
def test_marks_every_form(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == [expected]


def test_the_lead_is_part_of_the_text_and_first() -> None:
    assert shown("мост", "Мост открыт.", lead="Мост строили долго.") == [
        "[Мост] строили долго. [Мост] открыт."
    ]
    assert shown("открыт", "Мост открыт.", lead="Мост строили долго.") == ["Мост [открыт]."]
    assert shown("", "Мост открыт.", lead="Мост строили долго.") == ["Мост строили долго."]


def test_a_phrase_is_not_marked_from_the_lead_into_the_body() -> None:
    query = '"мост паром" OR паром'
    assert shown(query, "Паром ушёл.", lead="Открыт мост") == ["[Паром] ушёл."]
    assert shown(query, "Открыт мост\n\nПаром ушёл.") == ["Открыт [мост Паром] ушёл."]
    assert shown(query, "Паром ушёл.", lead="Мост, паром, мост") == ["[Мост, паром], мост [Паром] ушёл."]


def test_a_text_without_words_has_no_passages() -> None:
    assert shown("мост", "") == []


def test_passages_are_cut_at_words_and_say_so() -> None:
    (passage,) = shown("паром", FILLER * 5 + "Паром ушёл. " + FILLER * 5)
    assert passage.startswith("…")
    assert passage.endswith("…")
    assert "[Паром] ушёл." in passage
    words = set((FILLER + "[Паром] ушёл.").split())
    assert set(passage.strip("…").split()) <= words
    assert 100 < len(passage) <= PASSAGE + 4


def test_without_a_match_the_beginning_is_shown() -> None:
    (passage,) = shown("паром", FILLER * 5)
    assert passage.startswith("Город живёт")
    assert passage.endswith("…")
    assert "[" not in passage


def test_a_passage_stays_in_its_paragraph() -> None:
    assert shown("паром", f"{FILLER}\n\nПаром ушёл.\n\n{FILLER}") == ["[Паром] ушёл."]


def test_words_far_apart_get_a_passage_each_in_reading_order() -> None:
    body = "Паром ушёл. " + FILLER * 6 + "Мост закрыт. " + FILLER * 6 + "Река встала. "
    passages = shown("река паром мост", body)
    assert len(passages) == PASSAGES
    assert ["[Паром]" in passages[0], "[Мост]" in passages[1], "[Река]" in passages[2]] == [True] * 3


def test_the_passage_with_all_words_is_preferred_to_the_first() -> None:
    body = "Мост закрыт. " + FILLER * 6 + "Через реку ведёт мост. " + FILLER * 6
    (passage,) = shown("река мост", body)
    assert "[реку] ведёт [мост]" in passage


def test_a_phrase_is_preferred_to_its_words_apart() -> None:
    body = (
        "Гарантии дали, безопасности нет, гарантии, гарантии. " + FILLER * 6 + "Гарантии безопасности есть."
    )
    passages = shown('"гарантии безопасности" OR гарантии', body)
    assert any("[Гарантии безопасности]" in passage for passage in passages)


def test_a_match_longer_than_a_passage_is_whole() -> None:
    word = "абв" * 100
    assert shown(word, f"{FILLER}{word} {FILLER}")[0].count(f"[{word}]") == 1


def test_marks_in_the_stored_text_are_taken_out() -> None:
    body = f"{MATCH_START}Ложь{MATCH_END} и мост."
    assert shown("мост", body) == ["Ложь и [мост]."]


def test_titles_are_marked_whole() -> None:
    wanted = terms(parse("title:мост река").root, ("any", "title"))
    assert mark("Мост через реку", wanted) == (
        f"{MATCH_START}Мост{MATCH_END} через {MATCH_START}реку{MATCH_END}"
    )


def test_terms_are_those_looked_for_in_the_given_fields() -> None:
    root = parse('мост "два слова" угр* -река title:паром author:Петров site:ria.ru мост').root
    assert terms(root) == [Term(("мост",)), Term(("два", "слов")), Term(prefix="угр")]
    assert terms(root, ("title",)) == [Term(("пар",))]


@given(
    st.lists(
        st.sampled_from(["мост", "Мосты", "река", "\n\n", " ", ". ", "x" * 50, "\ue000", "е\u0308"]),
        max_size=80,
    ),
    st.sampled_from(["мост", "река мост", '"мост река"', "мос*", "xx*", ""]),
)
def test_passages_are_pieces_of_the_text(pieces: list[str], query: str) -> None:
    body = "".join(pieces)
    article = make_article(body=body)
    plain = " ".join(body.replace(MATCH_START, "").split())
    for passage in highlights(article, terms(parse(query).root)):
        assert passage.count(MATCH_START) == passage.count(MATCH_END)
        bare = passage.replace(MATCH_START, "").replace(MATCH_END, "").strip("…").strip()
        assert bare in plain
