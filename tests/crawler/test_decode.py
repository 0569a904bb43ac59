from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import codec_name, decode

RUSSIAN = "Синоптики предупредили о сильном снегопаде в Петербурге. Курс доллара вырос, сообщает биржа. Учёные нашли стоянку."
FRENCH = (
    "Le président a été élu à l'Élysée ; déjà un été brûlant, où les élèves reçoivent leurs résultats à Noël."
)
POLISH = "Późną jesienią łódź płynęła spokojnie wzdłuż brzegów jeziora."
GREEK = "Η κυβέρνηση ανακοίνωσε νέα μέτρα για την οικονομία και την εργασία στην Αθήνα."
PAGE = (
    "<html><head>{meta}</head><body><p>Жители посёлка собрались на берегу и смотрели, как уходит лёд. "
    "Паводок в этом году начался раньше обычного, сообщили гидрологи области.</p></body></html>"
)


def page(meta: str = "") -> str:
    return PAGE.format(meta=meta)


@pytest.mark.parametrize(
    ("text", "codec", "header", "own"),
    [
        (RUSSIAN, "utf-8", None, None),
        (RUSSIAN, "utf-8", "windows-1251", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251", None),
        (RUSSIAN, "cp1251", None, "windows-1251"),
        (RUSSIAN, "cp1251", "ISO-8859-1", "windows-1251"),
        (RUSSIAN, "cp1251", "ISO-8859-1", None),
        (RUSSIAN, "cp1251", "utf-8", "utf-8"),
        (RUSSIAN, "cp1251", "koi8-r", None),
        (RUSSIAN, "koi8-r", "windows-1251", "windows-1251"),
        (RUSSIAN, "koi8-r", None, None),
        (RUSSIAN, "cp866", None, None),
        (RUSSIAN, "iso8859-5", None, None),
        (RUSSIAN.upper(), "cp1251", "windows-1251", None),
        (FRENCH, "cp1252", "ISO-8859-1", None),
        (FRENCH, "cp1252", None, "windows-1252"),
        (FRENCH, "cp1252", None, None),
        (GREEK, "cp1253", None, "windows-1253"),
        (POLISH, "iso8859-2", "ISO-8859-1", "ISO-8859-2"),
        (RUSSIAN, "utf-16-le", None, None),
        ("新闻：北京今天下雪", "gb18030", "gb2312", None),
        ("今日のニュース", "iso2022_jp", "iso-2022-jp", None),
        ("今日のニュース", "shift_jis", None, "Shift_JIS"),
        ("plain", "ascii", "no-such", "utf-16"),
    ],
)
def test_encodings(text: str, codec: str, header: str | None, own: str | None) -> None:
    document = f'<meta charset="{own}"><p>{text}</p>' if own else f"<p>{text}</p>"
    assert decode(document.encode(codec), header).text == document


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_outweighs_labels(codec: str) -> None:
    decoded = decode(RUSSIAN.encode(codec), "windows-1251")
    assert (decoded.text, decoded.damaged) == (RUSSIAN, False)


def test_big_endian_without_mark() -> None:
    assert decode("<p>Ёлка</p>".encode("utf-16-be")).text == "<p>Ёлка</p>"
    assert decode(codecs.BOM_UTF16_BE + "Ёлка".encode("utf-16-be")).text == "Ёлка"


def test_damage_is_told() -> None:
    assert not decode(RUSSIAN.encode("cp1251"), "cp1251").damaged
    assert not decode(RUSSIAN.encode()).damaged
    assert decode(RUSSIAN.encode(), "cp1251").damaged
    assert decode(RUSSIAN.encode("cp1251")).damaged
    assert decode(RUSSIAN.encode()[:-2], "utf-8").damaged


def test_a_cut_character_does_not_bring_a_wrong_label_to_power() -> None:
    body = RUSSIAN.encode()
    decoded = decode(body[:50] + body[51:], "windows-1251")
    assert decoded.charset == "utf-8"
    assert decoded.damaged
    assert decoded.text.endswith(RUSSIAN[40:])


def test_document_label_far_down_and_behind_scripts() -> None:
    page = (
        '<script charset="utf-8" src="a.js"></script>'
        + " " * 2_000
        + '<meta content="text/html; charset=koi8-r">Ёлка'
    )
    assert decode(page.encode("koi8-r")).text == page


@pytest.mark.parametrize(
    "label", ["zlib", "rot13", "idna", "unicode_escape", "utf-7", "utf-16", "undefined", "a\0b", "я", ""]
)
def test_labels_of_no_text_encoding_are_ignored(label: str) -> None:
    assert codec_name(label) is None


@pytest.mark.parametrize(
    ("written", "meta", "charset", "read", "sure"),
    [
        ("utf-8", "", None, "utf-8", True),
        ("utf-8", '<meta charset="windows-1251">', "windows-1251", "utf-8", True),
        ("cp1251", "", "windows-1251", "cp1251", True),
        ("cp1251", '<meta charset="windows-1251">', None, "cp1251", True),
        (
            "cp1251",
            '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">',
            None,
            "cp1251",
            True,
        ),
        ("cp1251", "", "utf-8", "cp1251", False),
        ("cp1251", '<meta charset="utf-8">', None, "cp1251", False),
        ("cp1251", "", "iso-8859-1", "cp1251", False),
        ("koi8-r", '<meta charset="koi8-r">', None, "koi8-r", True),
        ("koi8-r", "", "no-such-charset", "koi8-r", False),
        ("iso8859_5", '<meta charset="iso-8859-5">', None, "iso8859-5", True),
    ],
)
def test_pages(written: str, meta: str, charset: str | None, read: str, sure: bool) -> None:
    text = page(meta)
    found = decode(text.encode(written), charset)
    assert found.text == text
    assert found.charset == read
    assert (found.doubt is None) == sure


@pytest.mark.parametrize(
    "mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE]
)
def test_every_byte_order_mark_outweighs_the_header(mark: bytes) -> None:
    names = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    encoded = mark + page().encode(names.get(mark, "utf-32-le"))
    assert decode(encoded, "koi8-r").text == page()


def test_a_few_broken_bytes_do_not_change_the_declared_encoding() -> None:
    html = (page() * 20).encode("utf-8").replace("лёд".encode(), "лёд".encode() + b"\xff", 1)
    found = decode(html, "utf-8")
    assert (found.charset, found.doubt) == ("utf-8", None)
    assert found.text.count("\ufffd") == 1


def test_iso_2022_jp_is_not_taken_for_ascii() -> None:
    html = "<p>新聞の記事です。</p>".encode("iso2022_jp")
    assert decode(html, "iso-2022-jp").text == "<p>新聞の記事です。</p>"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("Windows-1251", "cp1251"),
        (" utf8 ", "utf-8"),
        ("latin1", "cp1252"),
        ("gb2312", "gb18030"),
        ("utf-7", None),
        ("rot13", None),
        ("base64", None),
        ("no-such", None),
        ("", None),
        ("a\x00b", None),
    ],
)
def test_labels(label: str, codec: str | None) -> None:
    assert codec_name(label) == codec


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (GREEK, "cp1253"),
        (POLISH, "cp1250"),
        ("今日のニュースをお伝えします。東京では雪が降りました。", "shift_jis"),
        ("新闻：北京今天下雪，市民纷纷拍照。天气预报说明天还会继续下雪。", "gb18030"),
        ("הממשלה הודיעה על צעדים חדשים לכלכלה ולתעסוקה בתל אביב.", "cp1255"),
        ("Мешканці міста зібралися на березі й дивилися, як сходить крига.", "koi8-u"),
    ],
)
def test_rarer_encodings_are_detected(text: str, codec: str) -> None:
    found = decode(f"<p>{text}</p>".encode(codec))
    assert found.text == f"<p>{text}</p>"
    assert found.doubt is not None


@pytest.mark.parametrize("label", ["windows-1251", "koi8-r"])
def test_a_cyrillic_label_of_a_latin_text_is_not_believed(label: str) -> None:
    assert decode(FRENCH.encode("cp1252"), label).text == FRENCH


def test_a_table_of_accented_letters_in_a_script_does_not_outweigh_the_label() -> None:
    page = '<script>fold("àáâãäåèéêëìíîïòóôõöùúûü")</script><p>Un été brûlant</p>'
    found = decode(page.encode("cp1252"), "windows-1252")
    assert (found.text, found.doubt, found.damaged) == (page, None, False)


def test_broken_utf_8_is_a_doubt_only_without_its_label() -> None:
    body = RUSSIAN.encode()[:-2]
    assert decode(body, "utf-8").doubt is None
    assert decode(body).doubt is not None
    assert decode(RUSSIAN.encode(), "cp1251").doubt is None


@pytest.mark.parametrize("part", [b"<", b"<script>", b"<a ", b"<meta ", b"</script "])
def test_unclosed_tags_take_linear_time(part: bytes) -> None:
    start = time.process_time()
    decode(b"\xcf\xf0\xe8\xe2\xe5\xf2 " + part * 200_000)
    assert time.process_time() - start < 4


@given(
    st.binary(max_size=200),
    st.none() | st.text(max_size=20) | st.sampled_from(["gb2312", "euc-kr", "iso-2022-jp"]),
)
def test_never_raises(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset).text, str)
