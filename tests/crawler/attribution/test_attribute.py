from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.agencies import Agencies, load_agencies
from crawler.attribution import Attribution, attribute
from crawler.attribution.weights import OWN_DATELINE, OWN_SITE, WEIGHTS
from crawler.extraction.extracted import Extracted, SourceLink

PAGE = "https://www.city.example/2022/01/18/news-12.html"
RIA = "https://ria.ru/20220118/ugrozy-1768342211.html"
TEXT = "Глава ведомства выступил на форуме и ответил на вопросы журналистов."
TABLE = load_agencies()


def attributed(agencies: Agencies, url: str = PAGE, name: str = "Наш город", **fields: Any) -> Attribution:
    return attribute(Extracted(**fields), url, site_name=name, agencies=agencies)


def test_nothing_points_elsewhere(agencies: Agencies) -> None:
    found = attributed(
        agencies, url="https://www.theguardian.com/world/2022/jan/18/a", name="The Guardian", body=TEXT
    )
    assert (found.source.name, found.source.domain) == ("The Guardian", "theguardian.com")
    assert found.source.confidence == OWN_SITE
    assert [(each.kind, each.text) for each in found.source.evidence] == [("own_site", "")]
    assert found.original_url is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"source_links": [SourceLink("source_link", RIA)]}, "source_link"),
        ({"canonical_url": RIA}, "foreign_canonical"),
        ({"source_links": [SourceLink("foreign_canonical", RIA)]}, "foreign_canonical"),
        ({"source_lines": ["ria.ru"]}, "mark_url"),
        ({"source_lines": ["Источник: РИА Новости"]}, "mark_label"),
        ({"source_lines": ["РИА Новости"]}, "mark_name"),
        ({"body": f"{TEXT}\n\nРИА Новости"}, "mark_name"),
        ({"body": f"МОСКВА, 18 янв — РИА Новости. {TEXT}"}, "dateline"),
        ({"lead": f"МОСКВА, 18 янв — РИА Новости. {TEXT}", "body": TEXT}, "dateline"),
        ({"lead": "Дека без точки", "body": f"МОСКВА, 18 янв — РИА Новости. {TEXT}"}, "dateline"),
        ({"authors": ["РИА Новости"]}, "credit"),
        ({"organisations": ["RIA Novosti"]}, "credit"),
    ],
)
def test_each_form_has_its_weight(agencies: Agencies, fields: dict[str, Any], kind: str) -> None:
    source = attributed(agencies, **fields).source
    assert (source.name, source.domain) == ("РИА Новости", "ria.ru")
    assert [each.kind for each in source.evidence] == [kind]
    assert source.confidence == source.evidence[0].confidence == WEIGHTS[kind]  # type: ignore[index]  # one of the kinds


def test_a_report_about_is_not_a_copy_of(agencies: Agencies) -> None:
    source = attributed(agencies, body=f"{TEXT} Об этом сообщает ТАСС.").source
    assert (source.name, source.confidence) == ("Наш город", OWN_SITE)
    assert [(each.kind, each.domain) for each in source.evidence] == [
        ("own_site", "city.example"),
        ("inline", "tass.ru"),
    ]


def test_all_evidence_is_kept_strongest_first(agencies: Agencies) -> None:
    found = attributed(
        agencies,
        authors=["ТАСС"],
        body=f"МОСКВА, 18 января. /ТАСС/. {TEXT} Об этом пишет «Коммерсантъ».\n\n{TEXT}",
        source_lines=[f"Источник: {RIA}"],
    )
    assert [(each.kind, each.domain) for each in found.source.evidence] == [
        ("mark_label", "ria.ru"),
        ("dateline", "tass.ru"),
        ("credit", "tass.ru"),
        ("inline", "kommersant.ru"),
    ]
    assert found.original_url == RIA


def test_an_inline_mention_decides_between_equals(agencies: Agencies) -> None:
    lines = ["Источник: ТАСС, Интерфакс"]
    assert attributed(agencies, source_lines=lines, body=TEXT).source.domain == "tass.ru"
    body = f"{TEXT} Об этом сообщает «Интерфакс»."
    assert attributed(agencies, source_lines=lines, body=body).source.domain == "interfax.ru"


@pytest.mark.parametrize(
    "url",
    [
        RIA,
        "https://rsport.ria.ru/20220118/match-1768342211.html",
        "https://radiosputnik.ru/20220118/a-1.html",
    ],
)
def test_own_dateline_identifies_the_own_house(agencies: Agencies, url: str) -> None:
    dateline = "МОСКВА, 18 янв — РИА Новости."
    source = attributed(agencies, url=url, name="РИА Новости", body=f"{dateline} {TEXT}").source
    assert (source.domain, source.confidence) == ("ria.ru", OWN_DATELINE)
    assert [(each.kind, each.domain, each.text) for each in source.evidence] == [
        ("dateline", "ria.ru", dateline)
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"canonical_url": "https://m.ria.ru/20220118/ugrozy-1768342211.html"},
        {"source_links": [SourceLink("source_link", "https://1prime.ru/20220118/a-1.html")]},
        {"authors": ["РИА Новости"]},
        {"body": "Об этом сообщает РИА Новости."},
        {"organisations": ["Прайм"]},
    ],
)
def test_own_house_and_sisters_are_no_marks(agencies: Agencies, fields: dict[str, Any]) -> None:
    found = attributed(agencies, url=RIA, name="РИА Новости", **fields)
    assert [each.kind for each in found.source.evidence] == ["own_site"]
    assert found.original_url is None


def test_own_closing_line_is_kept_for_cutting_and_yields_to_others(agencies: Agencies) -> None:
    own = attributed(agencies, body=f"{TEXT}\n\nПодробнее: {PAGE}")
    assert [(each.kind, each.domain) for each in own.source.evidence] == [("mark_url", "city.example")]
    assert own.original_url is None
    page = "https://fontanka.ru/2022/01/18/1/"
    source = attributed(agencies, url=page, name="Фонтанка", body=TEXT, source_lines=["fontanka.ru"]).source
    assert [(each.kind, each.name, each.confidence) for each in source.evidence] == [
        ("mark_url", "Фонтанка", OWN_SITE)
    ]
    both = attributed(
        agencies, url=page, name="Фонтанка", authors=["ТАСС"], source_lines=["fontanka.ru"]
    ).source
    assert both.domain == "tass.ru"


def test_office_is_no_publisher(agencies: Agencies) -> None:
    source = attributed(agencies, body=TEXT, source_lines=["Источник: пресс-служба прокуратуры"]).source
    assert [each.kind for each in source.evidence] == ["own_site"]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"{TEXT}\n\n{TEXT}\n\nИсточник: РИА Новости", []),
        (f"ЛОНДОН, 5 мая. /ТАСС/. {TEXT}\n\n{TEXT}\n\n/ТАСС/", []),
        (f"LONDON (AP) — {TEXT}\n\n{TEXT}\n\n© 2019 The Associated Press. All rights reserved.", []),
        (f"LONDON, Nov 15 (Reuters) - {TEXT}\n\n(Reporting by John Smith; Editing by Jane Doe)", []),
        (TEXT, ["Подробнее: https://tass.ru/politika/13456789", "Фото: ТАСС"]),
    ],
)
def test_evidence_can_be_cut_from_the_prose(agencies: Agencies, body: str, lines: list[str]) -> None:
    """A line's text is a whole paragraph, a dateline's a prefix: what is left is the plain text."""
    paragraphs = [*body.split("\n\n"), *lines]
    evidence = attributed(agencies, body=body, source_lines=lines).source.evidence
    datelines = [each.text for each in evidence if each.kind == "dateline"]
    whole = {each.text for each in evidence if each.kind.startswith("mark_") or each.kind == "sign_off"}
    assert all(paragraphs[0].startswith(each) for each in datelines)
    assert whole <= set(paragraphs)
    left = [part for part in paragraphs if part not in whole and part != "Фото: ТАСС"]
    left[0] = left[0].removeprefix(datelines[0] if datelines else "").lstrip()
    assert set(left) == {TEXT}


_words = st.sampled_from(
    [
        "МОСКВА,",
        "18",
        "янв",
        "—",
        "РИА",
        "Новости.",
        "/ТАСС/",
        "(AP)",
        "-",
        "LONDON",
        "Nov",
        "15",
        "(Reuters)",
        "Источник:",
        "ria.ru",
        "https://tass.ru/a/1",
        "©",
        "2019",
        "The",
        "Associated",
        "Press",
        "http://[",
        "://x",
        "..",
        "(",
        "/",
        "[",
        "«",
        "»",
        "сообщает",
        "told",
        "according",
        "to",
        "Фото:",
        "\n\n",
        "\x00",
        "ﷺ",
        "🙂",
    ]
)
_texts = st.one_of(st.text(max_size=120), st.lists(_words, max_size=14).map(" ".join))


@settings(max_examples=200, deadline=None)
@given(
    body=_texts,
    lead=st.none() | _texts,
    lines=st.lists(_texts, max_size=3),
    names=st.lists(_texts, max_size=2),
    url=_texts,
    link=_texts,
)
@example(body="(", lead="", lines=["©"], names=[""], url="", link="http://[::")
def test_never_raises_and_always_names_a_source(
    body: str, lead: str | None, lines: list[str], names: list[str], url: str, link: str
) -> None:
    page = Extracted(
        body=body,
        lead=lead,
        source_lines=lines,
        authors=names,
        organisations=names,
        canonical_url=link,
        source_links=[SourceLink("source_link", link), SourceLink("foreign_canonical", url)],
    )
    found = attribute(page, url, site_name="Наш город", agencies=TABLE)
    confidences = [each.confidence for each in found.source.evidence]
    assert confidences == sorted(confidences, reverse=True)
    assert found.source.confidence == confidences[0] >= OWN_SITE
    assert found.source.name == found.source.evidence[0].name
    assert found == attribute(page, url, site_name="Наш город", agencies=TABLE)


def test_a_mirror_is_the_own_house(agencies: Agencies) -> None:
    """A page on the second domain of a site that names the first, and the other way round."""
    domains = ["harbor-times.example", "harbormirror.example"]
    for own, other in (domains, reversed(domains)):
        found = attribute(
            Extracted(body=TEXT, canonical_url=f"https://{other}/2022/01/18/news-12.html"),
            f"https://{own}/2022/01/18/news-12.html",
            site_name="Harbor Times",
            agencies=agencies,
            domains=domains,
        )
        assert [each.kind for each in found.source.evidence] == ["own_site"]
        assert found.source.domain == "harbor-times.example"
