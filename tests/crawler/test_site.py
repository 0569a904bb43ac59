from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.agencies import load_agencies
from crawler.run import refusal
from crawler.site import (
    SITES_FOLDER,
    Site,
    SiteFault,
    compile_selector,
    load_sites,
    read_site,
    site_paths,
)

GOOD = """
name = "city.example"
title = "Наш город"
domains = ["city.example"]
time_zone = "Europe/Moscow"
feeds = ["https://city.example/feed.xml"]
"""


def written(folder: Path, text: str, name: str = "city.example") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> dict[str, str]:
    """Faults of a file by the key they are about."""
    with pytest.raises(SiteFault) as caught:
        read_site(path)
    assert all(fault.path == path and str(path) in str(fault) for fault in caught.value.faults)
    return {fault.where: fault.reason for fault in caught.value.faults}


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    site = read_site(written(tmp_path, GOOD))
    assert (site.name, site.schedule, site.delay, site.verified) == (
        "city.example",
        "*/15 * * * *",
        1.0,
        False,
    )
    assert site.zone.key == "Europe/Moscow"


def test_every_key_is_read(tmp_path: Path) -> None:
    text = GOOD + (
        "language = 'ru'\nsitemaps = ['https://city.example/sitemap.xml']\nschedule = '@hourly'\ndelay = 2\n"
        "schedule_zone = 'UTC'\n"
        "sitemap_days = 3\nallow_private = true\nverified = true\n"
        "[[listings]]\nurl = 'https://city.example/news/'\nlinks = './/article//a'\npattern = '/\\d+$'\n"
        "next = 'a.next'\nmax_pages = 3\n"
        "[articles]\nallow = ['^/news/\\d+']\ndeny = ['/photo/']\nid = '^/news/(\\d+)'\nmin_words = 5\n"
        "[[layouts]]\nuntil = 2020-12-31\ntitle = 'h1'\nlead = '.lead'\nbody = '//article'\nauthor = '.by'\n"
        "published = 'time'\nsection = '.rubric'\ndrop = ['.ad', 'aside']\n"
    )
    site = read_site(written(tmp_path, text))
    assert site.listings[0].max_pages == 3
    assert site.articles.id == r"^/news/(\d+)"
    assert str(site.layouts[0].until) == "2020-12-31"
    assert site.model_dump(exclude_defaults=True).keys() == Site.model_fields.keys()


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    text = (
        "name = 'other'\ntitel = 'Наш город'\ndomains = ['https://city.example/']\ntime_zone = 'Moscow'\n"
        "schedule = '61 * * * *'\ndelay = -1\n"
        "[[listings]]\nurl = 'city.example/news'\nlinks = 'a['\npattern = '('\nnext = '//a['\n"
        "[articles]\nallow = ['[']\nid = '\\d+'\n"
        "[[layouts]]\nbody = 'p::text'\nuntil = 'soon'\n"
    )
    found = faults_of(written(tmp_path, text))
    assert set(found) == {
        "name",
        "title",
        "titel",
        "domains.0",
        "time_zone",
        "schedule",
        "delay",
        "listings.0.url",
        "listings.0.links",
        "listings.0.pattern",
        "listings.0.next",
        "articles.allow.0",
        "articles.id",
        "layouts.0.body",
        "layouts.0.until",
    }


@pytest.mark.parametrize(
    ("change", "where", "reason"),
    [
        ("titel = 'x'", "titel", "unknown key: did you mean 'title'?"),
        ("zzz = 1", "zzz", "unknown key: the keys here are name, title"),
        ("[articles]\ndeni = ['x']", "articles.deni", "did you mean 'deny'?"),
        ("[[listings]]\nurl = 'https://a.example'\nlink = 'a'", "listings.0.link", "did you mean 'links'?"),
        ("[[layouts]]\nbodi = 'p'", "layouts.0.bodi", "did you mean 'body'?"),
        ("[articles]\nallow = '/news/'", "articles.allow", "list"),
        ("[articles]\nallow = ['(']", "articles.allow.0", "not a regular expression"),
        ("[articles]\nallow = ['a{999999999999}']", "articles.allow.0", "not a regular expression"),
        ("[articles]\ndeny = ['']", "articles.deny.0", "matches everything"),
        ("[articles]\ndeny = ['x*']", "articles.deny.0", "matches everything"),
        (r"[articles]" + "\nid = '/\\d+'", "articles.id", "put the id in parentheses"),
        ("[[layouts]]\nbody = ''", "layouts.0.body", "not a selector"),
        ("[[layouts]]\nbody = 'div >'", "layouts.0.body", "not a selector"),
        ("[[layouts]]\nbody = '//div['", "layouts.0.body", "not a selector"),
        ("[[layouts]]\nbody = 'p::text'", "layouts.0.body", "write CSS, or XPath"),
        ("schedule = 'hourly'", "schedule", "write one like"),
        ("schedule = '* * *'", "schedule", "not a cron expression"),
        ("schedule = '0 0 31 2 *'", "schedule", "not a cron expression"),
        ("language = 'russian'", "language", "pattern"),
        ("sitemaps = ['ftp://a.example/x']", "sitemaps.0", "http:// or https://"),
        ("sitemaps = ['https://']", "sitemaps.0", "not an address"),
        ("sitemaps = ['https://a.example/a b']", "sitemaps.0", "without blanks"),
        ("sitemap_days = 0", "sitemap_days", "greater than or equal to 1"),
        ("verified = 'perhaps'", "verified", "boolean"),
    ],
)
def test_each_fault_says_where_and_what_to_do(tmp_path: Path, change: str, where: str, reason: str) -> None:
    found = faults_of(written(tmp_path, GOOD + change))
    assert list(found) == [where]
    assert reason in found[where]


@pytest.mark.parametrize("zone", ["", "Moscow", "../etc/passwd", "Europe", "MSK+3", "Europe/Moscow "])
def test_bad_time_zone(tmp_path: Path, zone: str) -> None:
    found = faults_of(written(tmp_path, GOOD.replace("Europe/Moscow", zone)))
    assert "Europe/Moscow" in found["time_zone"]


@pytest.mark.parametrize("host", ["https://a.example", "A.example", "a.example/news", "a b", ""])
def test_bad_host(tmp_path: Path, host: str) -> None:
    text = GOOD.replace('domains = ["city.example"]', f'domains = ["{host}"]')
    assert "write it in lower case" in faults_of(written(tmp_path, text))["domains.0"]


def test_wrong_name(tmp_path: Path) -> None:
    found = faults_of(written(tmp_path, GOOD, name="town.example"))
    assert found == {"name": "'city.example' differs from the file's name 'town.example': rename one of them"}


def test_no_source(tmp_path: Path) -> None:
    text = GOOD.replace('feeds = ["https://city.example/feed.xml"]', "feeds = []")
    assert "nowhere to find links" in faults_of(written(tmp_path, text))[""]
    assert len(faults_of(written(tmp_path, text))) == 1


def test_empty_file_names_all_that_is_missing(tmp_path: Path) -> None:
    found = faults_of(written(tmp_path, ""))
    assert set(found) == {"", "name", "title", "domains", "time_zone"}
    assert found["title"] == "is missing: add it"


@pytest.mark.parametrize("text", ["name = ", "[articles", "name = 'a'\nname = 'b'", r'x = "\d+"', "\x00"])
def test_broken_toml(tmp_path: Path, text: str) -> None:
    found = faults_of(written(tmp_path, GOOD + text))
    assert "is not TOML" in found[""]
    assert "single quotes" in found[""]


def test_cp1251_file(tmp_path: Path) -> None:
    path = tmp_path / "city.example.toml"
    path.write_bytes(GOOD.encode("cp1251"))
    assert "save it in UTF-8" in faults_of(path)[""]


def test_utf8_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "city.example.toml"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert read_site(path).title == "Наш город"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "none.toml")[""]
    (tmp_path / "folder.toml").mkdir()
    assert "cannot be read" in faults_of(tmp_path / "folder.toml")[""]


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, "broken", name="bad")
    written(tmp_path, "not a site", name="agencies")
    sites, faults = load_sites(tmp_path)
    assert list(sites) == ["city.example"]
    assert [fault.path.name for fault in faults] == ["bad.toml"]


@given(st.text(max_size=40) | st.text("/.()[]@*:>ab\x00\x08'\"", max_size=12))
@example("/\x08")
def test_selectors_compile_or_say_why(text: str) -> None:
    assert re.match("not a selector|$", _selector_fault(text))


@given(
    st.dictionaries(
        st.sampled_from([*Site.model_fields, "x"]), st.none() | st.integers() | st.text(max_size=9)
    )
)
def test_wrong_values_are_faults_and_never_crash(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in data.items() if value is not None]
    path = written(tmp_path_factory.mktemp("sites"), "\n".join(lines))
    assert faults_of(path)


def _selector_fault(text: str) -> str:
    try:
        compile_selector(text)
    except ValueError as error:
        return str(error)
    return ""


def _toml(value: object) -> str:
    if isinstance(value, int):
        return str(value % 2**31)
    return '"' + "".join(f"\\U{ord(letter):08X}" for letter in str(value)) + '"'


def test_hosts_of_a_site(tmp_path: Path) -> None:
    site = read_site(written(tmp_path, GOOD))
    assert site.owns("city.example")
    assert site.owns("www.city.example")
    assert not site.owns("notcity.example")


# One address of an article and one of a section of each shipped site, in the site's real form.
ADDRESSES = {
    "apnews.com": (
        "https://apnews.com/article/china-evergrande-fraud-5573868904b3ced0c5c9b0314c56ae5a",
        "https://apnews.com/hub/oddities",
        "5573868904b3ced0c5c9b0314c56ae5a",
    ),
    "bbc.com": (
        "https://www.bbc.com/news/articles/c4gdz3x7l1vo?at_medium=RSS",
        "https://www.bbc.com/news/world",
        "c4gdz3x7l1vo",
    ),
    "dw.com": (
        "https://www.dw.com/ru/zima-v-berline/a-60451234",
        "https://www.dw.com/ru/v-mire/s-9125",
        "60451234",
    ),
    "fontanka.ru": (
        "https://www.fontanka.ru/2022/01/18/70381234/",
        "https://www.fontanka.ru/theme/1234/",
        "70381234",
    ),
    "gazeta.ru": (
        "https://www.gazeta.ru/politics/news/2022/01/18/17156101.shtml",
        "https://www.gazeta.ru/politics/news/",
        "17156101",
    ),
    "interfax.ru": ("https://www.interfax.ru/russia/816321", "https://www.interfax.ru/story/1234", "816321"),
    "iz.ru": ("https://iz.ru/1279012/2022-01-18/zima-prishla", "https://iz.ru/rubric/politika", "1279012"),
    "kommersant.ru": (
        "https://www.kommersant.ru/doc/5171711?from=main",
        "https://www.kommersant.ru/rubric/2",
        "5171711",
    ),
    "lenta.ru": ("https://lenta.ru/news/2022/01/18/zima/", "https://lenta.ru/rubrics/russia/", None),
    "meduza.io": (
        "https://meduza.io/feature/2022/01/18/zima-prishla",
        "https://meduza.io/en/news/2022/01/18/winter",
        None,
    ),
    "novayagazeta.eu": (
        "https://novayagazeta.eu/articles/2022/07/01/zima-prishla",
        "https://novayagazeta.eu/authors/1",
        None,
    ),
    "rbc.ru": (
        "https://www.rbc.ru/politics/18/01/2022/61e6a1b29a7947c8d1a4b5f6?from=newsfeed",
        "https://www.rbc.ru/politics/",
        "61e6a1b29a7947c8d1a4b5f6",
    ),
    "rg.ru": ("https://rg.ru/2022/01/18/reg-cfo/zima-prishla.html", "https://rg.ru/tema/gos", None),
    "ria.ru": ("https://ria.ru/20220118/ugrozy-1768342211.html", "https://ria.ru/politics/", "1768342211"),
    "tass.ru": ("https://tass.ru/politika/13456789", "https://tass.ru/politika", "13456789"),
    "theguardian.com": (
        "https://www.theguardian.com/world/2022/jan/18/winter-has-come",
        "https://www.theguardian.com/world/live/2022/jan/18/winter-has-come",
        None,
    ),
    "ukrinform.ua": (
        "https://www.ukrinform.ua/rubric-world/3387654-zima-prijsla.html",
        "https://www.ukrinform.ua/rubric-world",
        "3387654",
    ),
    "vedomosti.ru": (
        "https://www.vedomosti.ru/politics/articles/2022/01/18/905123-zima-prishla",
        "https://www.vedomosti.ru/rubrics/politics",
        "905123",
    ),
}


def test_the_table_above_is_complete() -> None:
    assert sorted(ADDRESSES) == [path.stem for path in site_paths(SITES_FOLDER)]
    assert len(ADDRESSES) >= 12


@pytest.mark.parametrize("name", ADDRESSES)
def test_shipped_site(name: str) -> None:
    site = read_site(SITES_FOLDER / f"{name}.toml")
    article, section, identity = ADDRESSES[name]
    assert refusal(site, article) == ""
    assert refusal(site, section) != ""
    assert refusal(site, "https://elsewhere.example/2022/01/18/a-1.html") == "another host"
    assert site.verified is False, "set only after the file was tried against the live site"
    found = (
        re.search(site.articles.id, article.partition("?")[0].partition(name)[2])
        if site.articles.id
        else None
    )
    assert (found.group(1) if found else None) == identity


@pytest.mark.parametrize("name", ADDRESSES)
def test_title_is_the_name_that_attribution_gives_the_house(name: str) -> None:
    """Else one house would count under two names: as a site, and as the source of its copies."""
    site = read_site(SITES_FOLDER / f"{name}.toml")
    agency = load_agencies().by_host(name)
    if agency:
        assert (site.title, site.domains[0]) == (agency.name, agency.domain)


def test_sites_are_not_all_visited_in_the_same_minute() -> None:
    sites, faults = load_sites()
    assert faults == []
    assert len({site.schedule for site in sites.values()}) > len(sites) // 2
