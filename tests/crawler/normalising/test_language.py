from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.normalising.language import detect_language, language_code

RU = "Правительство утвердило новые правила перевозки пассажиров, сообщили в министерстве. Они вступят в силу с сентября."
UK = "Уряд затвердив нові правила перевезення пасажирів, повідомили в міністерстві. Вони наберуть чинності з вересня."
BE = "Урад зацвердзіў новыя правілы перавозкі пасажыраў, паведамілі ў міністэрстве. Яны набудуць моц з верасня, піша газета."
BG = "Правителството одобри новите правила за превоз на пътници, съобщиха от министерството. Те влизат в сила от септември."
KK = "Үкімет жолаушыларды тасымалдаудың жаңа ережелерін бекітті, деп хабарлады министрлік. Олар қыркүйек айынан бастап күшіне енеді."
EN = "The government has approved new rules for carrying passengers, the ministry said on Tuesday. They take effect in September."
DE = "Die Regierung hat neue Regeln für die Beförderung von Fahrgästen beschlossen, teilte das Ministerium am Dienstag mit."
FR = "Le gouvernement a approuvé de nouvelles règles pour le transport des passagers, a annoncé mardi le ministère des Transports."
EL = "Η κυβέρνηση ενέκρινε νέους κανόνες για τη μεταφορά επιβατών, ανακοίνωσε την Τρίτη το υπουργείο Μεταφορών της χώρας."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RU, "ru"),
        (UK, "uk"),
        (BE, "be"),
        (BG, "bg"),
        (KK, "kk"),
        (EN, "en"),
        (DE, "de"),
        (FR, "fr"),
        (EL, "el"),
    ],
)
def test_a_long_text_tells_its_language_against_all_declarations(text: str, expected: str) -> None:
    for declared in (None, "ru", "en-US", "uk"):
        assert detect_language(text, declared, "ru") == expected
        assert detect_language(text * 30, declared, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RU * 3 + " «Ми переможемо, — сказав він у Києві».", "ru"),
        (UK * 3 + " «Мы не были там».", "uk"),
        (RU + " The New York Times, Bloomberg, Reuters", "ru"),
        (EN + " «Правда»", "en"),
        (RU.upper(), "ru"),
        (UK.upper(), "uk"),
        ("https://ria.ru/20220118/ " * 3 + RU, "ru"),
    ],
)
def test_quotations_do_not_outweigh_the_text(text: str, expected: str) -> None:
    assert detect_language(text, None, None) == expected


@pytest.mark.parametrize(
    ("text", "declared", "site", "expected"),
    [
        ("Срочно", "ru-RU", None, "ru"),
        ("Срочно", "uk", "ru", "uk"),
        ("Срочно", "en", "ru", "ru"),  # an English template around Cyrillic words
        ("Срочно", "en", None, "und"),
        ("Срочно", None, "ru", "ru"),
        ("Breaking", "en_US", "ru", "en"),
        ("Breaking", "ru", "en", "en"),
        ("Breaking", None, None, "und"),
        ("", "ru", None, "ru"),
        ("", None, None, "und"),
        ("12:30 — 5 %", "de", None, "de"),
        ("速報", "en", None, "und"),
        ("速報", "ja", None, "ja"),
    ],
)
def test_a_short_text_goes_by_the_declaration_in_its_script(
    text: str, declared: str | None, site: str | None, expected: str
) -> None:
    assert detect_language(text, declared, site) == expected


def test_a_script_left_in_the_text_does_not_make_it_english() -> None:
    assert (
        detect_language("jwplayer('media').setup({ autostart: false, repeat: true });\n" * 4 + RU * 2) == "ru"
    )


def test_numbers_are_no_language() -> None:
    assert detect_language("1-0, 2-1, 3-2 " * 40, None, None) == "und"
    assert detect_language("AB 1.5 CD 2.7 EF 3.8 " * 20, None, None) == "und"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("ru", "ru"), ("RU", "ru"), ("ru-RU", "ru"), ("en_US", "en"), (" en , ru", "en"), ("rus", "ru"), ("ua", "uk"),
        ("zh-Hant-TW", "zh"), ("und", None), ("", None), (None, None), ("russian", None), ("x-default", None), ("1", None),
    ],
)  # fmt: skip
def test_language_codes(declared: str | None, code: str | None) -> None:
    assert language_code(declared) == code


def test_russian_needs_no_model() -> None:
    """Loading it takes most of a second, which a crawl of Russian sites does not have to spend."""
    code = (
        "import sys; from crawler.normalising.language import detect_language;"
        f"assert detect_language({RU!r}) == 'ru' and detect_language({UK!r}) == 'uk';"
        "sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
