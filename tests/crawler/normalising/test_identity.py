from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalising.identity import choose_identity, identity, identity_url, refused_canonical
from crawler.site import Site

ARTICLE = "https://ria.ru/20220118/ugrozy-1768"


@pytest.mark.parametrize(
    "url",
    [
        "http://ria.ru/20220118/ugrozy-1768",
        "https://www.ria.ru/20220118/ugrozy-1768",
        "https://m.ria.ru/20220118/ugrozy-1768",
        "https://www.m.ria.ru/20220118/ugrozy-1768",
        "https://amp.ria.ru/20220118/ugrozy-1768",
        "HTTPS://RIA.RU/20220118/ugrozy-1768",
        "https://ria.ru./20220118/ugrozy-1768",
        "https://ria.ru:443/20220118/ugrozy-1768",
        "http://ria.ru:80/20220118/ugrozy-1768",
        "https://user:secret@ria.ru/20220118/ugrozy-1768",
        "https://ria.ru/20220118/ugrozy-1768/",
        "https://ria.ru//20220118///ugrozy-1768//",
        "https://ria.ru/x/../20220118/./ugrozy-1768",
        "https://ria.ru/20220118/ugrozy-1768/amp",
        "https://ria.ru/20220118/ugrozy-1768/amp/",
        "https://ria.ru/20220118/ugrozy-1768?amp=1",
        "https://ria.ru/20220118/ugrozy-1768#comments",
        "https://ria.ru/20220118/ugrozy-1768?",
        "https://ria.ru/20220118/%75grozy-1768",
        "https://ria.ru/20220118/ugrozy-1768;jsessionid=0A1B",
        " https://ria.ru/20220118/ugrozy-1768\n",
        "https://ria.ru/20220118/ugrozy-1768?utm_source=yxnews&utm_medium=desktop&UTM_CAMPAIGN=x",
        "https://ria.ru/20220118/ugrozy-1768?utm_source=yxnews&amp;utm_medium=desktop",
        "https://ria.ru/20220118/ugrozy-1768?yclid=1&ysclid=2&_openstat=3&fbclid=4&gclid=5&gbraid=6&wbraid=7",
        "https://ria.ru/20220118/ugrozy-1768?rss&mc_cid=1&mc_eid=2&igshid=3&msclkid=4&PHPSESSID=5",
        "https://ria.ru/20220118/ugrozy-1768?from=rss",
        "https://ria.ru/20220118/ugrozy-1768?from=main_1&ref=twitter&source=google_news",
    ],
)
def test_forms_of_one_address_are_one(url: str) -> None:
    assert identity_url(url) == ARTICLE
    assert identity(url) == identity(ARTICLE)


@pytest.mark.parametrize(
    "url",
    [
        "https://ria.ru/20220118/ugrozy-1769",
        "https://ria.ru/20220118/Ugrozy-1768",
        "https://tass.ru/20220118/ugrozy-1768",
        "https://sport.ria.ru/20220118/ugrozy-1768",
        "https://ria.ru:8080/20220118/ugrozy-1768",
        "https://ria.ru/20220118/ugrozy-1768?id=5",
        "https://ria.ru/20220118/ugrozy-1768?from=20",
        "https://ria.ru/20220118/ugrozy-1768?source=12345",
        "https://ria.ru/20220118/ugrozy-1768?sid=5",
        "https://ria.ru/20220118/ugrozy-1768?page=2",
        "https://ria.ru/20220118/ugrozy-1768/print",
        "https://ria.ru/20220118/ugrozy%2F1768",
        "https://ria.ru/amp/20220118/ugrozy-1768",
    ],
)
def test_other_addresses_stay_apart(url: str) -> None:
    assert identity_url(url) != ARTICLE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.ru", "https://a.ru/"),
        ("https://a.ru?id=1", "https://a.ru/?id=1"),
        ("https://a.ru/?b=2&a=1&b=1", "https://a.ru/?a=1&b=1&b=2"),
        ("https://a.ru/?q=a+b", "https://a.ru/?q=a+b"),
        ("https://a.ru/?q=a%20b", "https://a.ru/?q=a+b"),
        ("https://a.ru/?empty=", "https://a.ru/?empty="),
        ("https://a.ru/amp", "https://a.ru/amp"),  # a section of that name
        ("https://m.ru/x", "https://m.ru/x"),
        ("https://m.co.uk/x", "https://m.co.uk/x"),
        ("https://www.ru/x", "https://www.ru/x"),
        ("https://m.site.co.uk/x", "https://site.co.uk/x"),
        ("https://mk.ru/x", "https://mk.ru/x"),
        ("http://[::1]:8000/x", "https://[::1]:8000/x"),
        (
            "https://пример.рф/новости/",
            "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
        ),
        (
            "https://xn--e1afmkfd.xn--p1ai/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8",
            "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
        ),
    ],
)
def test_folded_form(url: str, expected: str) -> None:
    assert identity_url(url) == expected


@pytest.mark.parametrize(
    "url", ["", "news/1", "//a.ru/x", "mailto:a@b.ru", "https://", "http://a.ru:port/x", "http://[x/"]
)
def test_what_is_no_web_address_stands_for_itself(url: str) -> None:
    assert identity_url(f" {url} ") == url
    assert len(identity(url)) == 32


SLUG_FREE = r"-(\d+)\.html$"


@pytest.mark.parametrize(
    "url",
    [
        "https://ria.ru/20220118/ugrozy-1768.html",
        "http://www.ria.ru/world/other-slug-1768.html?utm_source=x",
        "https://m.ria.ru/a-1768.html/amp",
        "https://ria.ru/a-1768.html?page=2",
    ],
)
def test_one_article_under_many_slugs(url: str) -> None:
    assert identity_url(url, id_pattern=SLUG_FREE) == "https://ria.ru/#1768"


def test_id_patterns_may_need_a_slash_or_the_query() -> None:
    assert identity_url("https://a.ru/news/7", id_pattern=r"/news/(\d+)/$") == "https://a.ru/#7"
    assert identity_url("https://a.ru/show.php?x=1&id=7", id_pattern=r"[?&]id=(\d+)") == "https://a.ru/#7"
    assert identity_url("https://a.ru/news/7/slug", id_pattern=r"/news/\d+") == "https://a.ru/#/news/7"


def test_without_a_match_the_whole_address_counts() -> None:
    assert identity_url("https://ria.ru/about", id_pattern=SLUG_FREE) == "https://ria.ru/about"
    assert identity_url("https://ria.ru/x", id_pattern=r"/x(\d+)?") == "https://ria.ru/x"
    assert identity_url("https://b.ru/a-1.html", id_pattern=SLUG_FREE) != identity_url(
        "https://c.ru/a-1.html", id_pattern=SLUG_FREE
    )


def test_the_hash_is_stable() -> None:
    """A changed hash makes every stored article new: it may change only with a migration of the index."""
    assert identity("https://ria.ru/20220118/ugrozy-1768.html") == "9ecf1e74db9aa88e485b6cbb9d6840e6"


@given(st.text())
def test_any_text_has_an_identity(text: str) -> None:
    for url in (text, f"https://a.ru/{text}", f"https://{text}/x", f"https://a.ru/?{text}"):
        assert len(identity(url)) == 32


parts = st.lists(
    st.sampled_from(["a", "amp", "..", ".", "", "новости", "%7E", "%2f", "A b", "~", "1-2.html"]), max_size=5
)
queries = st.lists(
    st.sampled_from(["id=1", "utm_x=1", "b", "from=rss", "from=7", "q=%D1%8F", "q=я", "amp;c=1"]), max_size=4
)


@given(parts, queries)
def test_folding_twice_is_folding_once(path: list[str], query: list[str]) -> None:
    once = identity_url("https://www.a.ru/" + "/".join(path) + "?" + "&".join(query))
    assert identity_url(once) == once


@given(parts, queries)
def test_order_of_the_query_does_not_matter(path: list[str], query: list[str]) -> None:
    url = "https://a.ru/" + "/".join(path) + "?"
    assert identity(url + "&".join(query)) == identity(url + "&".join(reversed(query)))


SITE = Site(
    name="site.ru",
    title="Сайт",
    domains=["site.ru", "сайт.рф"],
    time_zone="Europe/Moscow",
    feeds=["https://site.ru/rss"],
)
FINAL = "https://site.ru/news/2022/01/18/ugrozy-ne-sbylis"


@pytest.mark.parametrize(
    ("final", "canonical"),
    [
        (FINAL, "https://site.ru/news/ugrozy-ne-sbylis-1768"),
        (FINAL, "https://www.site.ru/news/2022/01/18/ugrozy-ne-sbylis/"),
        (FINAL, "/news/1768"),
        (FINAL, "https://news.site.ru/1768"),
        (FINAL, "https://сайт.рф/news/1768"),
        (FINAL, "https://xn--80aswg.xn--p1ai/news/1768"),
        (FINAL, "https://site.ru/?p=1768"),
        (FINAL + "/amp", FINAL),
        (FINAL + "/print", FINAL),
        (FINAL + "/page/2", FINAL),
        (FINAL + "?page=2", FINAL),
        (FINAL + "?utm_source=x1", FINAL),
        ("https://site.ru/news/1768/some-slug", "https://site.ru/news/1768"),
        ("https://site.ru/news/world/slug", "https://site.ru/news/slug"),
        ("https://site.ru/show.php?id=7&sort=up", "https://site.ru/show.php?id=7"),
        ("https://site.ru/show.php?id=7", "https://site.ru/news/7"),
    ],
)
def test_believed_canonical(final: str, canonical: str) -> None:
    assert refused_canonical(final, canonical, SITE) == ""
    chosen = choose_identity(final, canonical, SITE)
    assert chosen == (f"https://site.ru{canonical}" if canonical.startswith("/") else canonical)


@pytest.mark.parametrize(
    ("final", "canonical", "reason"),
    [
        (FINAL, "https://ria.ru/20220118/ugrozy-1768", "another site"),
        (FINAL, "https://evilsite.ru/news/1768", "another site"),
        (FINAL, "https://web.archive.org/web/2022/" + FINAL, "another site"),
        (FINAL, "https://site.ru/web/2022/https://site.ru/x-1", "archive"),
        (FINAL, "https://site.ru/", "home or section"),
        (FINAL, "https://site.ru", "home or section"),
        (FINAL, "https://site.ru/news/", "home or section"),
        (FINAL, "https://site.ru/politics", "home or section"),
        ("https://site.ru/slug", "https://site.ru/", "home or section"),
        ("https://site.ru/show.php?id=7", "https://site.ru/show.php", "id of the query"),
        ("https://site.ru/show.php?id=7", "https://site.ru/show.php?lang=ru", "id of the query"),
        ("https://site.ru/?p1=7", "https://site.ru/", "id of the query"),
        (FINAL, "https://site.ru/{{ url }}", "placeholder"),
        (FINAL, "https://site.ru/news/undefined", "placeholder"),
        (FINAL, "javascript:void(0)", "not an address"),
        (FINAL, "https://[broken", "not an address"),
    ],
)
def test_refused_canonical(final: str, canonical: str, reason: str) -> None:
    assert reason in refused_canonical(final, canonical, SITE)
    assert choose_identity(final, canonical, SITE) == final


def test_no_canonical_leaves_the_final_url() -> None:
    assert choose_identity(FINAL, None, SITE) == FINAL


def test_the_home_page_may_name_itself() -> None:
    assert choose_identity("https://site.ru/", "https://www.site.ru/", SITE) == "https://www.site.ru/"


@given(st.text())
def test_any_canonical_is_judged(text: str) -> None:
    assert choose_identity(FINAL, text, SITE)
    assert choose_identity(FINAL, "https://site.ru/" + text, SITE)
