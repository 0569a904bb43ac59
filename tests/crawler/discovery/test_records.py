from __future__ import annotations

import pytest
from lxml import etree

from crawler.discovery import records
from crawler.discovery.link import NotReadable
from crawler.discovery.records import fields, name_of, read_records, text_of

URL = "https://a.ru/"
ITEM = frozenset({"item"})


def texts(text: str) -> list[str]:
    return [text_of(item) for item in read_records(text, URL, ITEM).items]


def test_escapes_survive_an_earlier_error() -> None:
    assert texts("<rss><x a='1' a='2'/><item>M&amp;M &lt;b&gt; &quot;Ё&#1046;&quot;</item></rss>") == [
        'M&M <b> "ЁЖ"'
    ]


def test_cdata_is_left_as_it_is() -> None:
    assert texts("<rss>&<item><![CDATA[<br> & &nbsp; < <item>]]></item><item>2</item></rss>") == [
        "<br> & &nbsp; < <item>",
        "2",
    ]


def test_one_broken_record_costs_no_other() -> None:
    assert texts("<rss><item><a>1</item><item>2</b></item><item>3</item></rss>") == ["1", "2", "3"]


def test_a_very_long_root_tag_is_reduced_to_its_name() -> None:
    attributes = " ".join(f"a{n}='x'" for n in range(3_000))
    assert texts(f"<rss {attributes}><item>1</item><item>2<b/>") == ["1", "2"]


def test_salvage_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_SALVAGED", 5)
    assert len(texts("<rss>" + "<item>1</item>" * 9 + "<item>")) == 5


@pytest.mark.parametrize("text", ["<rss", "<rss version='2.0"])
def test_nothing_but_half_a_tag(text: str) -> None:
    with pytest.raises(NotReadable, match="first tag"):
        read_records(text, URL, ITEM)


def test_names() -> None:
    element = etree.fromstring(
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:x="http://purl.org/dc/elements/1.1/" xmlns:m="urn:m">'
        '<a:Title/><x:date/><m:Thing/><plain/><n xmlns="urn:m"/></a:feed>'
    )
    assert name_of(element) == "feed"
    assert list(fields(element)) == ["title", "dc:date", "m:thing", "plain", "n"]
