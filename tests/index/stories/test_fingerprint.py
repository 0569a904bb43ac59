from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from index.stories.fingerprint import fingerprint, fingerprint_of
from index.stories.furniture import line_values
from index.stories.parameters import MIN_HASHES
from tests.make import make_article

WORDS = [f"слово{chr(0x430 + n % 32)}{chr(0x430 + n // 32)}" for n in range(900)]
WIRE = " ".join(WORDS[:380])

paragraphs = st.lists(st.text(alphabet="абв 1,.\n", max_size=60), max_size=6)


def test_it_is_the_same_in_another_process() -> None:
    code = f"from index.stories.fingerprint import fingerprint; print(*fingerprint([{WIRE!r}]))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.split() == fingerprint([WIRE])


def test_values_do_not_change_between_versions() -> None:
    assert fingerprint(["раз два три четыре"]) == ["82bdae11cb8f1b03"]
    assert fingerprint(["раз два"]) == ["c2f571ec8b887432"]


def test_a_wire_story_has_some_thirty_values() -> None:
    assert 25 <= len(fingerprint([WIRE])) <= 60


def test_a_short_note_keeps_enough() -> None:
    assert len(fingerprint([" ".join(WORDS[:25])])) >= MIN_HASHES
    assert fingerprint([]) == fingerprint(["«…»"]) == []


def test_a_cut_copy_shares_its_part() -> None:
    cut = fingerprint([" ".join(WORDS[:60])])
    assert len(set(cut) & set(fingerprint([WIRE]))) >= len(cut) / 2


def test_other_texts_share_nothing() -> None:
    assert not set(fingerprint([WIRE])) & set(fingerprint([" ".join(WORDS[400:800])]))


def test_breaks_between_paragraphs_do_not_count() -> None:
    assert fingerprint([" ".join(WORDS[:40]), " ".join(WORDS[40:90])]) == fingerprint([" ".join(WORDS[:90])])


@given(paragraphs)
def test_values_are_sorted_distinct_hex(texts: list[str]) -> None:
    values = fingerprint(texts)
    assert values == sorted(set(values))
    assert all(re.fullmatch("[0-9a-f]{16}", value) for value in values)


def test_an_article_is_stored_with_shingles_and_lines() -> None:
    article = make_article(body="Первый абзац новости о мосте.\n\nВторой абзац той же новости.")
    expected = {*fingerprint(article.paragraphs), *line_values(article).values()}
    assert fingerprint_of(article) == sorted(expected)
