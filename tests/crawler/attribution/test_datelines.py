from __future__ import annotations

import pytest

from crawler.agencies import Agencies
from crawler.attribution.datelines import dateline_signs
from crawler.attribution.weights import DATELINE_CHARACTERS

# (house, dateline, how the text goes on)
DATELINES = [
    ("ria.ru", "МОСКВА, 18 янв — РИА Новости.", " Президент подписал закон."),
    ("ria.ru", "МОСКВА, 18 янв – РИА Новости.", " Президент подписал закон."),
    ("ria.ru", "МОСКВА, 18 янв - РИА Новости.", " Президент подписал закон."),
    ("ria.ru", "САНКТ-ПЕТЕРБУРГ, 5 мая — РИА Новости, Иван Петров.", " В городе открыли мост."),
    ("ria.ru", "СИМФЕРОПОЛЬ, 5 мая — РИА Новости Крым.", " В городе открыли мост."),
    ("ria.ru", "МОСКВА, 18 янв - РИА Новости/Прайм.", " Банк снизил ставку."),
    ("ria.ru", "18 янв - РИА Новости.", " Президент подписал закон."),
    ("ria.ru", "МОСКВА, 15 ноя — Р-Спорт.", " Матч перенесли."),
    ("tass.ru", "МОСКВА, 18 января. /ТАСС/.", " Глава ведомства выступил."),
    ("tass.ru", "МОСКВА, 29 июня 2020 года. /ТАСС/.", " Глава ведомства выступил."),
    ("tass.ru", "ВАШИНГТОН, 15 ноября. /Корр. ТАСС Дмитрий Кирсанов/.", " Сенат принял закон."),
    ("tass.ru", "ТОКИО, 7 марта. /ИТАР-ТАСС/.", " Землетрясение произошло утром."),
    ("tass.ru", "ТАСС, 18 января.", " Глава ведомства выступил."),
    ("tass.ru", "MOSCOW, January 18. /TASS/.", " The minister spoke."),
    ("interfax.ru", "Москва. 18 января. INTERFAX.RU -", " Глава ведомства выступил."),
    ("interfax.ru", "Москва. 18 января. ИНТЕРФАКС -", " Глава ведомства выступил."),
    ("interfax.ru", "МОСКВА. 18 ЯНВАРЯ. ИНТЕРФАКС -", " Глава ведомства выступил."),
    ("interfax.com.ua", "Киев. 15 ноября. ИНТЕРФАКС-УКРАИНА -", " Глава ведомства выступил."),
    ("inform.kz", "КАЗИНФОРМ –", " Глава ведомства выступил."),
    ("inform.kz", "НУР-СУЛТАН. КАЗИНФОРМ –", " Глава ведомства выступил."),
    ("inform.kz", "АСТАНА. 15 ноября. КАЗИНФОРМ –", " Глава ведомства выступил."),
    ("belta.by", "15 ноября, Минск /Корр. БЕЛТА/.", " Завод выпустил трактор."),
    ("trend.az", "Баку, 15 ноября, Trend:", " Порт принял груз."),
    ("trend.az", "BAKU, Azerbaijan, Nov. 15 / Trend /", " The port took freight."),
    ("trend.az", "BAKU, Azerbaijan, Nov. 15 Trend", " The port took freight."),
    ("1prime.ru", "МОСКВА, 15 ноя - ПРАЙМ.", " Банк снизил ставку."),
    ("unian.net", "УНИАН.", " Рада приняла закон."),
    ("ukrinform.ua", "КИЇВ, 15 листопада. /Укрінформ/.", " Рада ухвалила закон."),
    ("reuters.com", "ЛОНДОН, 15 ноя /Рейтер/ -", " Нефть подорожала."),
    ("apnews.com", "WASHINGTON (AP) —", " The Senate voted."),
    ("apnews.com", "WASHINGTON (AP) -", " The Senate voted."),
    ("apnews.com", "NEW YORK, Nov. 15 (AP) -", " Stocks rose."),
    ("apnews.com", "ST. LOUIS (AP) _".replace("_", "—"), " Stocks rose."),
    ("apnews.com", "PORT-AU-PRINCE, Haiti (AP) —", " Rain fell."),
    ("apnews.com", "WASHINGTON (AP/CBS) —", " The Senate voted."),
    ("reuters.com", "LONDON, Nov 15 (Reuters) -", " Oil rose."),
    ("reuters.com", "PARIS/LONDON, Nov 15 (Reuters) -", " Oil rose."),
    ("reuters.com", "(Reuters) -", " Oil rose."),
    ("reuters.com", "BRASILIA (Reuters) –", " Oil rose."),
    ("afp.com", "KUALA LUMPUR, Nov 15 — AFP", " The minister spoke."),
    ("afp.com", "Paris (AFP) -", " The minister spoke."),
    ("afp.com", "Paris, Nov 15, 2019 (AFP) -", " The minister spoke."),
    ("cnn.com", "(CNN)", "President Smith spoke."),
    ("cnn.com", "(CNN) —", " President Smith spoke."),
    ("cnn.com", "Washington (CNN)", " The president spoke."),
    ("cnn.com", "London (CNN Business)", "The bank spoke."),
    ("bernama.com", "KUALA LUMPUR, Nov 15 (Bernama) --", " The minister spoke."),
    ("xinhuanet.com", "BEIJING, Nov. 15 (Xinhua) --", " The minister spoke."),
    ("aninews.in", "New Delhi [India], Nov 15 (ANI):", " The minister spoke."),
    ("ptinews.com", "New Delhi, Nov 15 (PTI)", " The minister spoke."),
    ("ians.in", "Mumbai, Nov 15 (IANS)", " The minister spoke."),
    ("yna.co.kr", "SEOUL, Nov. 15 (Yonhap) --", " The minister spoke."),
    ("upi.com", "Nov. 15 (UPI) --", " The minister spoke."),
    ("dpa.com", "Berlin (dpa) -", " Der Minister sprach."),
    ("dpa.com", "Frankfurt/Main (dpa) -", " Der Minister sprach."),
    ("efe.com", "Madrid, Nov 15 (efe-epa).-", " The minister spoke."),
    ("ansa.it", "(ANSA) -", " ROMA, 15 NOV - Il ministro ha parlato."),
]

NO_DATELINES = [
    "ТАСС сообщил о пожаре.",
    "РИА Новости узнало подробности.",
    "«Интерфакс» - крупнейшее агентство страны.",
    "Интерфакс - крупнейшее агентство страны.",
    "Глава ТАСС. Иванов выступил на форуме.",
    "Президент подписал закон, сообщает РИА Новости. Он вступит в силу.",
    "По данным РИА Новости. Глава ведомства выступил.",
    "МОСКВА, 18 янв — Глава ведомства выступил.",
    "Associated Press (AP) Managing Editor John Smith spoke.",
    "The Associated Press (AP) Managing Editor John Smith spoke.",
    "HARRISBURG, PA — The governor spoke.",
    "Reuters said on Monday that oil rose.",
    "Nov 15 AFP said oil rose.",
    "WASHINGTON — The AP said the Senate voted.",
    "LONDON (Guardian) - Oil rose.",
    "WASHINGTON (AP Photo/John Smith) - Oil rose.",
    "LONDON, Nov 15 - Oil rose, Reuters reported.",
    "",
    "(",
    "—",
]


@pytest.mark.parametrize(("domain", "dateline", "rest"), DATELINES, ids=[each[1] for each in DATELINES])
def test_dateline_is_found_and_is_the_prefix_to_cut(
    agencies: Agencies, domain: str, dateline: str, rest: str
) -> None:
    [sign] = dateline_signs([dateline + rest], agencies)
    assert (sign.house.domain, sign.text) == (domain, dateline)


@pytest.mark.parametrize("text", NO_DATELINES)
def test_sentences_are_no_datelines(agencies: Agencies, text: str) -> None:
    assert [*dateline_signs([text], agencies)] == []


def test_dateline_under_a_deck(agencies: Agencies) -> None:
    [sign] = dateline_signs(
        ["Нефть подорожала до рекорда.", "ЛОНДОН, 5 мая. /ТАСС/. Нефть подорожала."], agencies
    )
    assert sign.text == "ЛОНДОН, 5 мая. /ТАСС/."


def test_dateline_has_to_end_early(agencies: Agencies) -> None:
    text = "Слово " * (DATELINE_CHARACTERS // 6) + "— РИА Новости. Президент подписал закон."
    assert [*dateline_signs([text], agencies)] == []
