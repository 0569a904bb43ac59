from __future__ import annotations

import sqlite3
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.analysis import fold, fold_value, sealed, stem, stems, tokens_with_offsets, words
from index.sqlite.schema import MIGRATIONS


def plain(text: str) -> list[str]:
    return [token.word for token in tokens_with_offsets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Угроза Байдена", ["угроза", "байдена"]),
        ("МОСКВА, 18 янв — РИА Новости.", ["москва", "18", "янв", "риа", "новости"]),
        ("сайт ria.ru, www.example.org.", ["сайт", "ria.ru", "www.example.org"]),
        ("don't don’t п'ять пʼять 'цитата'", ["don't", "don't", "п'ять", "п'ять", "цитата"]),
        ("1,5 млрд; 18.01.2022 1..2 10:30", ["1,5", "млрд", "18.01.2022", "1", "2", "10", "30"]),
        ("вице-премьер AT&T и/или", ["вице", "премьер", "at", "t", "и", "или"]),
        ("COVID-19 G20 x.2 2.x", ["covid", "19", "g20", "x", "2", "2", "x"]),
        ("Видео:Reuters", ["видео", "reuters"]),
        ("@ria_novosti #тег _ ___", ["ria_novosti", "тег"]),
        ("всё ЁЛКА е\u0308ж", ["все", "елка", "еж"]),
        ("за\u0301мок пра\u00adви\u200dтельство", ["замок", "правительство"]),
        ("Żółć żar и\u0306од", ["żółć", "żar", "йод"]),
        ("м² ½ ① 5³", ["м", "5"]),
        ("東京タワー ひらがな", ["東", "京", "タワー", "ひ", "ら", "が", "な"]),
        ("İstanbul ΟΔΟΣ οδός", ["istanbul", "οδοσ", "οδόσ"]),
        ("п‘ять word\u200e 5\ufe0f\u20e3 ㉑ ৴", ["п'ять", "word", "5"]),
        ("😀 — … «» #\ufe0f\u20e3", []),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("forms", "same"),
    [
        (["угроза", "угрозы", "угрозу", "угрозами", "Угроз"], True),
        (["ёлка", "елки", "Ёлками"], True),
        (["talk", "talks", "Talked", "talking"], True),
        (["Biden", "Biden's", "Biden’s"], True),
        (["vetеvendosje", "vetеvendosjes"], True),  # the second е is Cyrillic
        (["суд", "судно"], False),
        (["18", "19"], False),
    ],
)
def test_inflected_forms_share_a_stem(forms: list[str], same: bool) -> None:
    assert (len({tuple(stems(form)) for form in forms}) == 1) is same


def test_yo_is_folded_before_stemming() -> None:
    # Snowball gives "зелёный" and "зеленый" one stem only when both are spelled alike.
    assert stems("зелёная берёза") == stems("зеленая береза") == stems("ЗЕЛЁНЫЙ берёзы")


def test_offsets_point_at_the_original_spelling() -> None:
    text = "За\u0301мок «Ёж»: İzmir и пра\u00adво е\u0308ж ria.ru"
    found = [text[token.start : token.end] for token in tokens_with_offsets(text)]
    assert found == ["За\u0301мок", "Ёж", "İzmir", "и", "пра\u00adво", "е\u0308ж", "ria.ru"]


@given(st.text())
def test_offsets_and_words_agree(text: str) -> None:
    tokens = tokens_with_offsets(text)
    assert [sealed(token.word) for token in tokens] == words(text)
    assert [sealed(stem(token.word)) for token in tokens] == stems(text)
    ends = [0, *(token.end for token in tokens)]
    assert all(token.start < token.end <= len(text) for token in tokens)
    assert all(token.start >= end for token, end in zip(tokens, ends, strict=False))


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.fixture(scope="module")
def fts5() -> Iterator[sqlite3.Connection]:
    """The two text tables of the schema as they are, with their vocabularies."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in MIGRATIONS:
        connection.executescript(step)
    for table in ("text", "exact"):
        connection.execute(f"CREATE VIRTUAL TABLE terms_{table} USING fts5vocab({table}, instance)")
    yield connection
    connection.close()


READ_BACK = {
    "text": (
        "INSERT INTO text(text) VALUES ('delete-all')",
        "INSERT INTO text(rowid, body) VALUES (1, ?)",
        "SELECT term FROM terms_text ORDER BY offset",
    ),
    "exact": (
        "INSERT INTO exact(exact) VALUES ('delete-all')",
        "INSERT INTO exact(rowid, body) VALUES (1, ?)",
        "SELECT term FROM terms_exact ORDER BY term",
    ),
}


def read_back(connection: sqlite3.Connection, table: str, tokens: list[str]) -> list[str]:
    empty, insert, select = READ_BACK[table]
    connection.execute(empty)
    connection.execute(insert, (" ".join(tokens),))
    return [row[0] for row in connection.execute(select)]


@given(text=st.text())
def test_fts5_reads_back_exactly_our_tokens(fts5: sqlite3.Connection, text: str) -> None:
    assert read_back(fts5, "text", stems(text)) == stems(text)
    assert read_back(fts5, "exact", words(text)) == sorted(set(words(text)))


def test_fts5_reads_back_every_character(fts5: sqlite3.Connection) -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    tokens = words(" ".join(c for c in every if unicodedata.category(c)[0] in "LNM"))
    assert len(tokens) > 100_000
    assert read_back(fts5, "text", tokens) == tokens


def test_sealed_words_keep_their_prefixes() -> None:
    assert words("ria.ru")[0].startswith(words("ria")[0])
    assert sealed("don't").startswith(sealed("don'"))


def test_values_compare_by_case_yo_and_blanks() -> None:
    assert fold_value("  РИА\u00a0 Новости ") == fold_value("риа новости")
    assert fold_value("Всё о спорте") == fold_value("ВСЕ О СПОРТЕ")
    assert fold_value("ria.ru") != fold_value("tass.ru")


def test_stemming_from_several_threads() -> None:
    text = "правительство обсудило угрозы и гарантии безопасности the talks continued " * 20
    expected = stems(text)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(stems, [text] * 40))
