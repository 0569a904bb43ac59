from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from crawler.agencies import AGENCIES_FILE, Agencies, Agency, agencies_of, check_agencies, load_agencies
from crawler.site import SiteFault

START_SET = [
    "ria",
    "tass",
    "interfax",
    "rbc",
    "kommersant",
    "lenta",
    "rg",
    "vedomosti",
    "iz",
    "regnum",
    "rosbalt",
    "prime",
    "rt",
    "gazeta",
    "unian",
    "ukrinform",
    "interfax-ua",
    "belta",
    "kazinform",
    "trend",
    "reuters",
    "ap",
    "afp",
    "bloomberg",
    "dpa",
    "efe",
    "ansa",
    "kyodo",
    "xinhua",
    "yonhap",
    "pti",
    "ians",
    "ani",
    "bernama",
    "anadolu",
    "cp",
    "pa",
    "aap",
    "upi",
    "cnn",
    "bbc",
]
TABLE = load_agencies()
ALIASES = [
    pytest.param(agency.id, alias.text, alias.exact, id=f"{agency.id}:{alias.text}")
    for agency in TABLE.table.agency
    for alias in agency.aliases
    if alias.id
]
ONE = """
[[agency]]
id = "ria"
name = "РИА Новости"
domain = "ria.ru"
owner = "rs"
kind = "agency"
names = { ru = ["РИА Новости"] }
"""


@pytest.fixture(scope="module")
def agencies() -> Agencies:
    return load_agencies()


def id_of(agency: Agency | None) -> str | None:
    return agency.id if agency else None


def test_table_holds_the_start_set(agencies: Agencies) -> None:
    assert sorted(agency.id for agency in agencies.table.agency) == sorted(START_SET)


@pytest.mark.parametrize(("agency", "alias", "exact"), ALIASES)
def test_alias_is_found_as_a_whole(agencies: Agencies, agency: str, alias: str, exact: bool) -> None:
    assert id_of(agencies.by_name(alias, mark_position=True)) == agency
    assert id_of(agencies.by_name(f"«{alias}».", mark_position=True)) == agency
    assert id_of(agencies.by_name(f"агентство «{alias}»", mark_position=True)) == agency
    assert id_of(agencies.by_name(alias, mark_position=False)) == (None if exact else agency)


@pytest.mark.parametrize(("agency", "alias", "exact"), ALIASES)
def test_alias_is_found_at_a_position(agencies: Agencies, agency: str, alias: str, exact: bool) -> None:
    text = f"сообщает {alias}, что"
    named = agencies.name_at(text, 9, mark_position=True)
    assert named is not None
    assert (named[0].id, text[9 : named[1]]) == (agency, alias)
    assert (agencies.name_at(text, 9, mark_position=False) is None) is exact


@pytest.mark.parametrize(("agency", "alias", "exact"), ALIASES)
def test_alias_is_not_found_inside_other_words(
    agencies: Agencies, agency: str, alias: str, exact: bool
) -> None:
    for text in (f"{alias}щина", f"{alias}-Поволжьестрой", f"{alias}xyz", f"под{alias}"):
        named = agencies.name_at(text, 0, mark_position=True)
        assert named is None or named[1] < len(alias), text  # a shorter name before it may stand
        assert agencies.by_name(text, mark_position=True) is None
    if exact and alias.lower() not in {"dpa"}:
        assert agencies.name_at(alias.lower() + " ", 0, mark_position=True) is None
    assert (
        agencies.name_at(f"при{alias} ", 3, mark_position=True) is not None
    )  # the caller picks the position


@pytest.mark.parametrize("agency", TABLE.table.agency, ids=lambda agency: agency.id)
def test_display_name_and_datelines_are_known_forms(agencies: Agencies, agency: Agency) -> None:
    assert id_of(agencies.by_name(agency.name, mark_position=True)) == agency.id
    for form in agency.dateline:
        named = agencies.dateline_at(f"{form}. Текст", 0)
        assert named is not None
        assert (named[0].id, named[1]) == (agency.id, len(form))
    for form in agency.photo_only:
        assert agencies.by_name(form, mark_position=True) is None
        assert agencies.name_at(f"{form}/John Smith", 0, mark_position=True) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Интерфакса", "interfax"),
        ("ИНТЕРФАКСОМ", "interfax"),
        ("Интерфаксом-Украина", "interfax-ua"),
        ("Интерфаксу-Украине", "interfax-ua"),
        ("Коммерсанта", "kommersant"),
        ("«Коммерсантом»", "kommersant"),
        ("РИА «Новости»", "ria"),
        ("РИА Новостям", "ria"),
        ("Российской газеты", "rg"),
        ("«Российскую газету»", "rg"),
        ("Ведомостей", "vedomosti"),
        ("газеты «Ведомости»", "vedomosti"),
        ("Известиях", "iz"),
        ("Ленты.ру", "lenta"),
        ("Газетой.Ru", "gazeta"),
        ("Росбалта", "rosbalt"),
        ("Укринформу", "ukrinform"),
        ("Укрінформу", "ukrinform"),
        ("Казинформом", "kazinform"),
        ("Рейтера", "reuters"),
        ("Русской службы Би-Би-Си", "bbc"),
        ("The Associated Press", "ap"),
        ("the Press Trust of India", "pti"),
        ("информационное агентство ТАСС", "tass"),
        ("ИА REGNUM", "regnum"),
        ("РБК-Украина", None),
        ("РИА «Новый День»", None),
        ("РИА ФедералПресс", None),
        ("Associated Press of Pakistan", None),
        ("Коммерсантский", None),
        ("пресс-служба", None),
        ("", None),
    ],
)
def test_names_in_their_forms(agencies: Agencies, text: str, expected: str | None) -> None:
    assert id_of(agencies.by_name(text, mark_position=True)) == expected


@pytest.mark.parametrize("text", ["известия", "ведомости", "прайм", "trend", "ap", "ъ", "рг", "тасс", "pa"])
def test_common_words_in_prose_are_no_names(agencies: Agencies, text: str) -> None:
    assert agencies.by_name(text, mark_position=False) is None
    assert agencies.name_at(f"{text} и", 0, mark_position=True) is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("ria.ru", "ria.ru"),
        ("rsport.ria.ru", "ria.ru"),
        ("WWW.RIA.RU:443", "ria.ru"),
        ("radiosputnik.ru", "ria.ru"),
        ("tass.com", "tass.ru"),
        ("notria.ru", "notria.ru"),
        ("edition.cnn.com", "cnn.com"),
        ("www.bbc.co.uk", "bbc.com"),
        ("www.theguardian.com", "theguardian.com"),
        ("m.site.co.uk", "site.co.uk"),
        ("amp.site.com.ua", "site.com.ua"),
        ("www.city.example", "city.example"),
        ("fontanka.spb.ru", "fontanka.spb.ru"),
        ("someone.github.io", "someone.github.io"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("localhost", "localhost"),
        ("www.intranet", "intranet"),
        ("пример.рф", "пример.рф"),
        ("", ""),
    ],
)
def test_main_domain(agencies: Agencies, host: str, domain: str) -> None:
    assert agencies.main_domain(host) == domain


def test_hosts_lead_to_their_house(agencies: Agencies) -> None:
    for agency in agencies.table.agency:
        for host in (agency.domain, *agency.hosts, f"www.{agency.domain}"):
            assert id_of(agencies.by_host(host)) == agency.id
    assert agencies.by_host("example.org") is None


@pytest.mark.parametrize(
    ("agency", "url", "article"),
    [
        ("ria", "https://ria.ru/20220118/ugrozy-1768342211.html", True),
        ("ria", "https://ria.ru/politics/", False),
        ("tass", "https://tass.ru/politika/13456789", True),
        ("interfax", "https://www.interfax.ru/russia/816321", True),
        ("rbc", "https://www.rbc.ru/politics/18/01/2022/61e6a1b29a7947c8d1a4b5f6", True),
        ("kommersant", "https://www.kommersant.ru/doc/5171711", True),
        ("lenta", "https://lenta.ru/news/2022/01/18/zima/", True),
        ("lenta", "https://lenta.ru/rubrics/russia/", False),
        ("ap", "https://apnews.com/article/china-fraud-5573868904b3ced0c5c9b0314c56ae5a", True),
        ("ap", "https://apnews.com/hub/oddities", False),
        ("bbc", "https://www.bbc.com/news/articles/c4gdz3x7l1vo", True),
        ("bbc", "https://www.bbc.com/russian/news-60012345", True),
        ("bbc", "https://www.bbc.com/news/world", False),
        ("afp", "https://www.afp.com/anything", None),
    ],
)
def test_article_addresses(agencies: Agencies, agency: str, url: str, article: bool | None) -> None:
    record = next(each for each in agencies.table.agency if each.id == agency)
    assert record.is_article(url) is article


@pytest.mark.parametrize("host", ["t.me", "www.facebook.com", "m.vk.com", "web.archive.org"])
def test_platforms(agencies: Agencies, host: str) -> None:
    assert agencies.is_platform(host)
    assert not agencies.is_platform(f"not{host.replace('.', '')}.ru")


def test_bylines_of_houses(agencies: Agencies) -> None:
    assert agencies.is_agency("РИА Новости")
    assert agencies.is_agency("Reuters")
    assert not agencies.is_agency("Иван Петров")


@given(st.text(max_size=60))
def test_look_ups_never_raise(text: str) -> None:
    TABLE.by_name(text, mark_position=True)
    TABLE.name_at(text, 0, mark_position=False)
    TABLE.dateline_at(text, 0)
    TABLE.by_host(text)
    assert isinstance(TABLE.main_domain(text), str)
    assert isinstance(TABLE.is_platform(text), bool)


def faults_of(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteFault) as caught:
        load_agencies(path)
    assert all(fault.path == path for fault in caught.value.faults)
    return [f"{fault.where}: {fault.reason}" for fault in caught.value.faults]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = ONE.replace('id = "ria"', 'id = "RIA!"').replace('domain = "ria.ru"', 'domain = "https://ria.ru/"')
    text = text.replace('kind = "agency"', 'kind = "wire"\narticle_url = \'(\'\ndatelines = ["РИА"]')
    found = faults_of(tmp_path / "agencies.toml", text)
    assert [fault.partition(":")[0] for fault in found] == [
        "agency 1 (RIA!).id",
        "agency 1 (RIA!).domain",
        "agency 1 (RIA!).kind",
        "agency 1 (RIA!).article_url",
        "agency 1 (RIA!).datelines",
    ]
    assert "did you mean 'dateline'" in found[-1]
    assert "not a regular expression" in found[-2]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (ONE.replace("ria.ru", "b.ru").replace("РИА Новости", "Б"), "id 'ria' stands in agency 1 (ria)"),
        (ONE.replace('"ria"', '"b"').replace("РИА Новости", "Б"), "host 'ria.ru' stands in agency 1 (ria)"),
        (
            ONE.replace('"ria"', '"b"').replace("ria.ru", "b.ru"),
            "name 'риа новости' stands in agency 1 (ria)",
        ),
    ],
)
def test_nothing_may_stand_twice(tmp_path: Path, second: str, reason: str) -> None:
    assert reason in faults_of(tmp_path / "agencies.toml", ONE + second)[0]


@pytest.mark.parametrize("text", ["", "agency = [", "platforms = ['t.me']"])
def test_a_file_without_a_table_is_a_fault(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path / "agencies.toml", text)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SiteFault, match="cannot be read"):
        load_agencies(tmp_path / "none.toml")


def test_check_of_a_folder(tmp_path: Path) -> None:
    assert check_agencies(tmp_path) == []  # the table that ships is used
    (tmp_path / "agencies.toml").write_text("agency = []", encoding="utf-8")
    assert [fault.where for fault in check_agencies(tmp_path)] == ["agency"]


def test_a_user_may_extend_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "agencies.toml"
    unn = ONE.replace("ria.ru", "unn.ua").replace('"ria"', '"unn"').replace("РИА Новости", "УНН")
    path.write_text(
        AGENCIES_FILE.read_text(encoding="utf-8") + unn + 'dateline = ["УНН"]\n', encoding="utf-8"
    )
    extended = agencies_of(Settings({"SVODKA_AGENCIES": str(path)}))
    assert id_of(extended.by_host("www.unn.ua")) == "unn"
    assert id_of(extended.by_name("УНН", mark_position=True)) == "unn"
    assert agencies_of(Settings()).by_host("unn.ua") is None
    monkeypatch.setenv("SVODKA_SITES", str(tmp_path))
    assert id_of(agencies_of(Settings()).by_host("unn.ua")) == "unn"


def test_a_block_without_names_is_named_itself(tmp_path: Path) -> None:
    empty = re.sub("(?m)^names = .*$", "names = {}", ONE)
    (fault,) = faults_of(tmp_path / "agencies.toml", empty)
    assert fault == "agency 1 (ria).names: is empty: give at least one"
    (fault,) = faults_of(
        tmp_path / "agencies.toml",
        ONE + re.sub("(?m)^(id|names) = .*$", "", ONE).replace("ria.ru", "b.ru") + 'id = "b"\n',
    )
    assert fault == "agency 2 (b).names: is missing: add it"
