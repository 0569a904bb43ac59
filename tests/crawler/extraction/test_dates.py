from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dateutil.parser import parse as dateutil_parse
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extraction.date_words import MONTHS
from crawler.extraction.dates import ParsedDate, date_in_url, parse_date, plausible

NOW = datetime(2022, 1, 20, 12, 0, tzinfo=UTC)  # a Thursday, 15:00 in Moscow
MOSCOW = ZoneInfo("Europe/Moscow")


def read(text: str, now: datetime = NOW) -> ParsedDate | None:
    return parse_date(text, now=now, zone=MOSCOW)


def show(parsed: ParsedDate | None) -> str:
    """'2022-01-18T14:05+03:00 minute zoned', as short as the precision allows."""
    if parsed is None:
        return "none"
    if parsed.precision == "day":
        assert parsed.moment.time() == time()
        moment = f"{parsed.moment:%Y-%m-%d}"
    elif parsed.moment.microsecond:
        moment = parsed.moment.isoformat()
    else:
        moment = parsed.moment.isoformat(timespec=parsed.precision + "s")
    return f"{moment} {parsed.precision}" + (" zoned" if parsed.zoned else "")


DAY = "2022-01-18 day"
MINUTE = "2022-01-18T14:05+03:00 minute"
SECOND = "2022-01-18T14:05:07+03:00 second"
ZONED = "2022-01-18T14:05+03:00 minute zoned"
ZONED_SECOND = "2022-01-18T14:05:07+03:00 second zoned"

MACHINE = [
    ("2022-01-18", DAY),
    ("2022-1-18", DAY),
    ("  2022-01-18  ", DAY),
    ("2022-01-18T14:05", MINUTE),
    ("2022-01-18 14:05", MINUTE),
    ("2022-01-18t14:05", MINUTE),
    ("2022-01-18T14:05:07", SECOND),
    ("2022-01-18T14:05:07+03:00", ZONED_SECOND),
    ("2022-01-18T14:05:07+0300", ZONED_SECOND),
    ("2022-01-18T14:05:07+03", ZONED_SECOND),
    ("2022-01-18T14:05:07 +03:00 ", ZONED_SECOND),
    ("2022-01-18T14:05:07−03:00", "2022-01-18T14:05:07-03:00 second zoned"),
    ("2022-01-18T14:05:07-05:00", "2022-01-18T14:05:07-05:00 second zoned"),
    ("2022-01-18T14:05:07-05", "2022-01-18T14:05:07-05:00 second zoned"),
    ("2022-01-18 14:05:07-0500", "2022-01-18T14:05:07-05:00 second zoned"),
    ("2022-01-18T14:05:07+05:45", "2022-01-18T14:05:07+05:45 second zoned"),
    ("2022-01-18T14:05Z", "2022-01-18T14:05+00:00 minute zoned"),
    ("2022-01-18T14:05:07Z", "2022-01-18T14:05:07+00:00 second zoned"),
    ("2022-01-18T14:05:07.250Z", "2022-01-18T14:05:07.250000+00:00 second zoned"),
    ("2022-01-18T14:05:07,250+03:00", "2022-01-18T14:05:07.250000+03:00 second zoned"),
    ("2022-01-18T14:05:07.1234567891Z", "2022-01-18T14:05:07.123456+00:00 second zoned"),
    ("2022-01-18T14:05:60Z", "2022-01-18T14:05:59+00:00 second zoned"),
    ("2022-01-18T24:00", "2022-01-19T00:00+03:00 minute"),
    ("2022-01-18T14", "2022-01-18T14:00+03:00 minute"),
    ("20220118", DAY),
    ("20220118T1405", MINUTE),
    ("20220118T140507", SECOND),
    ("20220118T140507Z", "2022-01-18T14:05:07+00:00 second zoned"),
    ("20220118T1405+0300Z", ZONED),
    ("20220118T1405+0300", ZONED),
    ("202201181405", MINUTE),
    ("20220118140507", SECOND),
    ("2022-W03-2", DAY),
    ("2022W032", DAY),
    ("2020-W53-5", "2021-01-01 day"),
    ("2022-01-18Z", "2022-01-18 day zoned"),
    ("2022-01-18+03:00", "2022-01-18 day zoned"),
    ("1642503907", "2022-01-18T11:05:07+00:00 second zoned"),
    ("1642503907000", "2022-01-18T11:05:07+00:00 second zoned"),
    ("Tue, 18 Jan 2022 14:05:07 +0300", ZONED_SECOND),
    ("Tue, 18 Jan 2022 14:05:07 GMT", "2022-01-18T14:05:07+00:00 second zoned"),
    ("Tue, 18 Jan 2022 14:05:07 -0500", "2022-01-18T14:05:07-05:00 second zoned"),
    ("18 Jan 22 14:05:07 EST", "2022-01-18T14:05:07-05:00 second zoned"),
    ("Tue, 18 Jan 2022 14:05 MSK", ZONED),
    ("Вт, 18 янв 2022 14:05:07 +0300", ZONED_SECOND),
    ("вторник, 18 Янв 2022 14:05:07 MSK", ZONED_SECOND),
    ("Tue Jan 18 14:05:07 2022", SECOND),
    ("Tue Jan 18 14:05:07 MSK 2022", ZONED_SECOND),
    ("Tue Jan 18 11:05:07 +0000 2022", "2022-01-18T11:05:07+00:00 second zoned"),
    ("Tue Jan 18 2022 14:05:07 GMT+0300 (Moscow Standard Time)", ZONED_SECOND),
    ("18/Jan/2022:14:05:07 +0300", ZONED_SECOND),
    ("2021-02-03", "2021-02-03 day"),
    ("20210203", "2021-02-03 day"),
    ("20210203T140507Z", "2021-02-03T14:05:07+00:00 second zoned"),
    ("2022-01-18 May Smith", DAY),
    ("2022-01-18T14:05:07+14:45", SECOND),
    ("Tue Jan 18 14:05:07 MSK 2022, updated", ZONED_SECOND),
]
NUMBERS = [
    ("18.01.2022", DAY),
    ("18.1.2022", DAY),
    ("18. 1. 2022", DAY),
    ("18/01/2022", DAY),
    ("18-01-2022", DAY),
    ("01/18/2022", DAY),
    ("01/18/2022 2:05 PM", MINUTE),
    ("18.01.22", DAY),
    ("18.01.22, 14:05", MINUTE),
    ("18.01.2022 14:05", MINUTE),
    ("18.01.2022, 14:05:07", SECOND),
    ("18.01.2022,14:05", MINUTE),
    ("18.01.2022 | 14:05", MINUTE),
    ("18.01.2022 - 14:05", MINUTE),
    ("18.01.2022 в 14:05", MINUTE),
    ("18.01.2022 в 14.05", MINUTE),
    ("14:05 18.01.2022", MINUTE),
    ("14:05, 18.01.2022", MINUTE),
    ("14:05 (МСК) 18.01.2022", ZONED),
    ("18.01 14:05", MINUTE),
    ("14:05, 18.01", MINUTE),
    ("18.01., 14:05 Uhr", MINUTE),
    ("18.01.2022 14:05 (мск)", ZONED),
    ("18.01.2022 14:05 UTC+3", ZONED),
    ("18.01.2022 14:05 UTC+03:00", ZONED),
    ("18.01.2022 14:05 GMT +3", ZONED),
    ("18.01.2022 14:05 GMT-5", "2022-01-18T14:05-05:00 minute zoned"),
    ("18.01.2022 14:05 МСК+2", "2022-01-18T14:05+05:00 minute zoned"),
    ("18.01.2022 10:00-11:30", "2022-01-18T10:00+03:00 minute"),
    ("18.01.2022 25:00", DAY),
    ("18.01.2022 12:75", DAY),
    ("18.01.2022 100:00", DAY),
    ("2021.02.07", "2021-02-07 day"),
    ("2021/02/07", "2021-02-07 day"),
    ("2021.02.07 10:30", "2021-02-07T10:30+03:00 minute"),
    ("02/03/2021", "2021-03-02 day"),
    ("02.03.2021", "2021-03-02 day"),
    ("18.1.22, 14:05", MINUTE),
    ("18.1.22 14:05 Uhr", MINUTE),
    ("31.12.99", "1999-12-31 day"),
    ("Дата:18.01.2022", DAY),
    ("Опубликовано18.01.2022", DAY),
    ("18.01.2022г.", DAY),
    ("18\u00a0.\u200b01.2022 и 18.01.2022", DAY),
]
RUSSIAN = [
    ("18 января 2022", DAY),
    ("18 ЯНВАРЯ 2022 Г.", DAY),
    ("18 января 2022 года", DAY),
    ("18 января 2022 г., 14:05", MINUTE),
    ("18 января 2022 года в 14:05", MINUTE),
    ("18 января 2022, вторник, 14:05", MINUTE),
    ("вторник, 18 января 2022 г. 14:05", MINUTE),
    ("18 января, 14:05", MINUTE),
    ("18 января в 14:05", MINUTE),
    ("14:05, 18 января 2022", MINUTE),
    ("14:05 18 января", MINUTE),
    ("18 янв. 2022", DAY),
    ("18 янв 2022, 14:05", MINUTE),
    ("18-янв-2022", DAY),
    ("18-го января 2022 года", DAY),
    ("2022, 18 января", DAY),
    ("18 января 2022 14:05 МСК", ZONED),
    ("18 января 2022, 14:05 (мск)", ZONED),
    ("18 января 2022 14:05 по мск", ZONED),
    ("18 января 2022 в 14:05 по московскому времени", ZONED),
    ("18 января 2022, 14:05 московское время", ZONED),
    ("18 января 2022, 14:05 по Москве", ZONED),
    ("18 января 2022 14:05 (Омск)", MINUTE),
    ("18 сент 2021", "2021-09-18 day"),
    ("18 сен. 2021", "2021-09-18 day"),
    ("18 нояб. 2021 г.", "2021-11-18 day"),
    ("5 Май 2021", "2021-05-05 day"),
    ("8 марта", "2021-03-08 day"),
    ("29 декабря", "2021-12-29 day"),
    ("29 февраля", "2020-02-29 day"),
    ("Опубликовано 18.01.2022 14:05, обновлено 19.01.2022 10:00", MINUTE),
    ("Опубликовано 18 января 2022, обновлено в 16:40", DAY),
    ("Дата публикации: 18.01.2022", DAY),
    ("Автор: Иван Петров 18 января 2022", DAY),
    ("Автор: Анна Май, 18 января 2022, 14:05", MINUTE),
    ("РИА Новости, 18.01.2022, 14:05", MINUTE),
    ("Просмотров: 1234 18 января 2022", DAY),
    ("5 комментариев 18 января 2022", DAY),
    ("18–20 января 2022", DAY),
    ("18 января – 20 января 2022", DAY),
    ("18 января 2022 – 20 января 2022", DAY),
    ("18.01.2022—20.01.2022", DAY),
    ("31.02.2022, 18.01.2022", DAY),
    ("до 31.12.2030, опубликовано 18.01.2022", DAY),
    ("18 мая 2014, 14:05 МСК", "2014-05-18T14:05+04:00 minute zoned"),
]
UKRAINIAN = [
    ("18 січня 2022", DAY),
    ("18 січня 2022 р.", DAY),
    ("18 січня 2022 року о 14:05", MINUTE),
    ("Вівторок, 18 січня 2022, 14:05", MINUTE),
    ("18 січ. 2022, 14:05", MINUTE),
    ("18 листопада 2021", "2021-11-18 day"),
    ("1 липня 2021, 09:00 за київським часом", "2021-07-01T09:00+03:00 minute zoned"),
    ("Опубліковано: 18 грудня 2021 р. о 14:05", "2021-12-18T14:05+03:00 minute"),
    ("18 січня, 13:05 EET", "2022-01-18T13:05+02:00 minute zoned"),
]
ENGLISH = [
    ("January 18, 2022", DAY),
    ("Jan 18, 2022", DAY),
    ("Jan. 18th, 2022", DAY),
    ("18th of January 2022", DAY),
    ("18 January 2022", DAY),
    ("18-Jan-2022", DAY),
    ("2022-Jan-18", DAY),
    ("2022 January 18", DAY),
    ("Published Jan 18, 2022 at 2:05 pm", MINUTE),
    ("Published: 18 January 2022 14:05", MINUTE),
    ("Tuesday, January 18, 2022 2:05 p.m.", MINUTE),
    ("Jan 18, 2022 2:05PM", MINUTE),
    ("Jan 18, 2022, 2 pm", "2022-01-18T14:00+03:00 minute"),
    ("Jan 18, 2022 12:05 am", "2022-01-18T00:05+03:00 minute"),
    ("Jan 18, 2022 12:05 PM", "2022-01-18T12:05+03:00 minute"),
    ("Jan 18, 2022 2:05 p.m. ET", "2022-01-18T14:05-05:00 minute zoned"),
    ("June 18, 2021 2:05 p.m. ET", "2021-06-18T14:05-04:00 minute zoned"),
    ("June 18, 2021 2:05 PM PDT", "2021-06-18T14:05-07:00 minute zoned"),
    ("Updated 10:30 AM EDT, Fri June 18, 2021", "2021-06-18T10:30-04:00 minute zoned"),
    ("Sept. 5, 2021", "2021-09-05 day"),
    ("May 5, 2021", "2021-05-05 day"),
    ("Dec 29", "2021-12-29 day"),
    ("By Jane Roe | January 18, 2022", DAY),
    ("January 18, 2022 by Jane Roe", DAY),
    ("January 18 – 20, 2022", DAY),
]
GERMAN = [
    ("18. Januar 2022", DAY),
    ("18. Jänner 2022", DAY),
    ("18 / Januar / 2022", DAY),
    ("18. Januar 2022, 14:05 Uhr", MINUTE),
    ("18. Januar 2022 um 14.05 Uhr", MINUTE),
    ("18. Januar 2022, 14.05 Uhr", MINUTE),
    ("18. Januar 2022, 14 Uhr", "2022-01-18T14:00+03:00 minute"),
    ("Dienstag, 18. Januar 2022", DAY),
    ("Di., 18.01.2022 - 14:05", MINUTE),
    ("Stand: 18.01.2022, 14:05 Uhr", MINUTE),
    ("Stand: 18.01.2022 12:05 Uhr MEZ", "2022-01-18T12:05+01:00 minute zoned"),
    ("7. März 2021", "2021-03-07 day"),
    ("7. Dez. 2021", "2021-12-07 day"),
    ("Veröffentlicht am 18.1.2022", DAY),
]
RELATIVE = [
    ("сегодня, 14:05", "2022-01-20T14:05+03:00 minute"),
    ("Сегодня в 9:30", "2022-01-20T09:30+03:00 minute"),
    ("14:05, сегодня", "2022-01-20T14:05+03:00 minute"),
    ("14:05 сегодня", "2022-01-20T14:05+03:00 minute"),
    ("сегодня", "2022-01-20 day"),
    ("вчера в 9:30", "2022-01-19T09:30+03:00 minute"),
    ("вчера, 9:30 МСК", "2022-01-19T09:30+03:00 minute zoned"),
    ("Опубликовано вчера", "2022-01-19 day"),
    ("Автор: Анна Иванова | вчера в 9:30", "2022-01-19T09:30+03:00 minute"),
    ("позавчера", "2022-01-18 day"),
    ("только что", "2022-01-20T15:00+03:00 minute"),
    ("30 секунд назад", "2022-01-20T14:59:30+03:00 second"),
    ("минуту назад", "2022-01-20T14:59+03:00 minute"),
    ("5 минут назад", "2022-01-20T14:55+03:00 minute"),
    ("Обновлено 5 мин. назад", "2022-01-20T14:55+03:00 minute"),
    ("час назад", "2022-01-20T14:00+03:00 minute"),
    ("два часа назад", "2022-01-20T13:00+03:00 minute"),
    ("полтора часа назад", "2022-01-20T13:30+03:00 minute"),
    ("полчаса назад", "2022-01-20T14:30+03:00 minute"),
    ("1 час 5 минут назад", "2022-01-20T13:55+03:00 minute"),
    ("3 дня назад", "2022-01-17 day"),
    ("20 часов назад", "2022-01-19T19:00+03:00 minute"),
    ("today", "2022-01-20 day"),
    ("Today at 9:30 am", "2022-01-20T09:30+03:00 minute"),
    ("yesterday, 9:30", "2022-01-19T09:30+03:00 minute"),
    ("just now", "2022-01-20T15:00+03:00 minute"),
    ("3 hours ago", "2022-01-20T12:00+03:00 minute"),
    ("an hour ago", "2022-01-20T14:00+03:00 minute"),
    ("half an hour ago", "2022-01-20T14:30+03:00 minute"),
    ("Updated 2 hours and 5 minutes ago", "2022-01-20T12:55+03:00 minute"),
    ("5 min ago", "2022-01-20T14:55+03:00 minute"),
    ("3d ago", "2022-01-17 day"),
    ("heute, 09:15 Uhr", "2022-01-20T09:15+03:00 minute"),
    ("gestern um 9.15 Uhr", "2022-01-19T09:15+03:00 minute"),
    ("vorgestern", "2022-01-18 day"),
    ("vor 2 Stunden", "2022-01-20T13:00+03:00 minute"),
    ("vor einer Stunde", "2022-01-20T14:00+03:00 minute"),
    ("vor fünf Minuten", "2022-01-20T14:55+03:00 minute"),
    ("сьогодні, 14:05", "2022-01-20T14:05+03:00 minute"),
    ("вчора о 9:30", "2022-01-19T09:30+03:00 minute"),
    ("позавчора", "2022-01-18 day"),
    ("10 хвилин тому", "2022-01-20T14:50+03:00 minute"),
    ("годину тому", "2022-01-20T14:00+03:00 minute"),
    ("п’ять хвилин тому", "2022-01-20T14:55+03:00 minute"),
    ("п'ять хвилин тому", "2022-01-20T14:55+03:00 minute"),
    ("Сегодня, 18 января 2022", DAY),
    ("вчера в 9:30, 18.01.2022", "2022-01-18T09:30+03:00 minute"),
    ("Обновлено сегодня в 10:00, фото от 18.01.2020", "2022-01-20T10:00+03:00 minute"),
    ("14:05", "2022-01-20T14:05+03:00 minute"),
    ("15:08", "2022-01-20T15:08+03:00 minute"),
    ("15:30", "2022-01-19T15:30+03:00 minute"),
    ("Опубликовано: 14:05", "2022-01-20T14:05+03:00 minute"),
    ("в 14:05 МСК", "2022-01-20T14:05+03:00 minute zoned"),
    ("17:30 UTC", "2022-01-19T17:30+00:00 minute zoned"),
]
NOT_DATES = [
    "", " ", "5", "дом 5", "12 человек", "Иван Петров", "№ 12/45", "стр. 12-14", "16+", "50%", "1,5 млн",
    "1 200 руб.", "$18.01", "18.01", "12.50 €", "3:2", "25:23", "счёт 13:25", "1:2:3", "0-0",
    "8 (495) 123-45-67", "+7 916 123-45-67", "123-45-67", "10-11-12", "89161234567", "9161234567",
    "2.9.0", "v2.19.1", "Python 3.11.7", "1.10.22", "10.01.20.5", "192.168.1.1", "10.12.2021.1",
    "31.02.2022", "32 января 2022", "0 января 2022", "00.00.0000", "99/99/2022", "2022-13-01", "2022-02-30",
    "18 января 3000", "18.01.3000", "18 января 0000", "0000-00-00", "0001-01-01T00:00:00Z", "1899-12-30",
    "1970-01-01", "18 января 1985", "2030-01-01", "01.01.2023", "20221399", "2021-W53-1", "2021-W00-1", "99999999999999999999", "0000000000",
    "may 12 people die", "march 5 miles", "январь 2022", "January 2022", "2022", "2022 год",
    "Россия сегодня", "USA Today", "сегодня умер человек", "вчерашний", "год назад", "месяц назад",
    "2 недели назад", "2 years ago", "99999999999 минут назад", "long ago", "тому назад", "vor allem", "ago",
    "48 января", "48.01 14:05", "48/01/2022", "48.01.22", "at 99 Jan", "Jan 45", "01.18 14:05", "yeſterday", "5 mınutes ago",
    "ISBN 978-5-17-090630-7", "GMT+3", "МСК", "в", "Опубликовано", "T14:05:99", "\x00\x00", "²²", "1️⃣8️⃣",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [*MACHINE, *NUMBERS, *RUSSIAN, *UKRAINIAN, *ENGLISH, *GERMAN, *RELATIVE]
)
def test_reads_dates(text: str, expected: str) -> None:
    assert show(read(text)) == expected


@pytest.mark.parametrize("text", NOT_DATES)
def test_leaves_other_text_alone(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", NOT_DATES[:60])
def test_finds_the_date_after_other_text(text: str) -> None:
    assert show(read(f"{text} | 18 января 2022, 14:05")).endswith("14:05+03:00 minute")


def test_ambiguous_slashes_follow_the_page() -> None:
    american = parse_date("02/03/2021", now=NOW, month_first=True)
    assert show(american) == "2021-02-03 day"
    assert show(parse_date("18/01/2022", now=NOW, month_first=True)) == DAY
    assert show(parse_date("02.03.2021", now=NOW, month_first=True)) == "2021-03-02 day"
    assert show(parse_date("2021/02/03", now=NOW, month_first=True)) == "2021-02-03 day"


def test_looks_only_at_the_beginning() -> None:
    assert show(read("слово " * 30 + "18 января 2022, 14:05")) == MINUTE
    assert read("слово " * 50 + "18 января 2022, 14:05") is None
    assert read("1" * 100_000) is None


def test_now_has_to_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse_date("вчера", now=datetime(2022, 1, 20), zone=MOSCOW)  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("31 декабря, 23:50", "2022-01-01T00:05:00+03:00", "2021-12-31T23:50+03:00 minute"),
        ("1 января, 00:02", "2021-12-31T20:55:00+00:00", "2022-01-01T00:02+03:00 minute"),
        ("23:58", "2022-01-01T00:05:00+03:00", "2021-12-31T23:58+03:00 minute"),
        ("вчера, 23:58", "2022-01-01T00:05:00+03:00", "2021-12-31T23:58+03:00 minute"),
        ("вчера", "2022-03-01T00:05:00+03:00", "2022-02-28 day"),
        ("сегодня", "2022-01-19T22:30:00+00:00", "2022-01-20 day"),  # it is tomorrow in Moscow already
        ("20 января", "2022-01-18T12:00:00+00:00", "2021-01-20 day"),
    ],
)
def test_the_turn_of_day_and_year(text: str, now: str, expected: str) -> None:
    assert show(read(text, datetime.fromisoformat(now))) == expected


@pytest.mark.parametrize(
    "text", ["2021-03-28 02:30", "2021-10-31 02:30", "28.03.2021 02:30", "31 Oktober 2021, 2.30 Uhr"]
)
def test_gaps_and_folds_of_summer_time_are_read(text: str) -> None:
    parsed = parse_date(text, now=NOW, zone=ZoneInfo("Europe/Berlin"))
    assert parsed is not None
    assert parsed.moment.astimezone(UTC).astimezone(ZoneInfo("Europe/Berlin")).minute == 30


def test_plausible_bounds() -> None:
    assert plausible(datetime(1990, 1, 1, tzinfo=UTC), NOW)
    assert not plausible(datetime(1989, 12, 31, 23, 59, tzinfo=UTC), NOW)
    assert plausible(NOW + timedelta(days=1), NOW)
    assert not plausible(NOW + timedelta(days=1, seconds=1), NOW)


LATER = datetime(2040, 1, 1, tzinfo=UTC)
dates = st.dates(date(1990, 1, 2), date(2039, 12, 30))
moments = st.datetimes(datetime(1990, 1, 2), datetime(2039, 12, 30)).map(lambda m: m.replace(microsecond=0))  # noqa: DTZ001
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(moments, offsets, st.sampled_from(["T", " "]), st.booleans())
def test_iso_round_trip(moment: datetime, offset: timezone, separator: str, compact: bool) -> None:
    aware = moment.replace(tzinfo=offset)
    text = aware.strftime("%Y%m%dT%H%M%S%z") if compact else aware.isoformat(separator)
    assert parse_date(text, now=LATER) == ParsedDate(aware, "second", True)


@given(
    moments,
    st.sampled_from(
        [
            "%d.%m.%Y %H:%M:%S", "%d.%m.%Y, %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%H:%M:%S %d.%m.%Y", "%d %B %Y %H:%M:%S",
            "%d %b %Y %H:%M:%S", "%B %d, %Y %H:%M:%S", "%B %d, %Y at %I:%M:%S %p", "%a %b %d %H:%M:%S %Y",
            "%Y.%m.%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%dT%H%M%S", "%Y%m%d%H%M%S",
            "%A, %d. %B %Y, %H:%M:%S Uhr", "Опубликовано: %d-%m-%Y в %H:%M:%S",
        ]
    ),
)  # fmt: skip
def test_local_round_trip(moment: datetime, form: str) -> None:
    expected = ParsedDate(moment.replace(tzinfo=MOSCOW), "second", False)
    assert parse_date(moment.strftime(form), now=LATER, zone=MOSCOW) == expected


@given(dates, st.data())
def test_every_month_name_round_trips(day: date, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(MONTHS[day.month - 1]))
    written = data.draw(st.sampled_from([name, name.upper(), name.capitalize(), name + "."]))
    parsed = parse_date(f"{day.day} {written} {day.year}", now=LATER)
    assert parsed is not None
    assert parsed.moment.date() == day


@given(dates, st.sampled_from("./-"), st.booleans())
def test_never_swaps_day_and_month(day: date, separator: str, year_first: bool) -> None:
    parts = [f"{day.day:02}", f"{day.month:02}", f"{day.year}"]
    text = separator.join(reversed(parts) if year_first else parts)
    parsed = parse_date(text, now=LATER)
    assert parsed is not None
    assert parsed.moment.date() == day


@given(
    moments,
    st.sampled_from(["%d %B %Y %H:%M", "%b %d, %Y %I:%M %p", "%Y-%m-%dT%H:%M:%S", "%a, %d %b %Y %H:%M:%S"]),
)
def test_agrees_with_dateutil_on_english(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    parsed = parse_date(text, now=LATER)
    assert parsed is not None
    assert parsed.moment.replace(tzinfo=None) == dateutil_parse(text)


pieces = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.integers(-10, 99999).map(str),
        st.sampled_from(
            [
                "января",
                "Jan",
                "T",
                "Z",
                "+03",
                "МСК",
                "назад",
                "vor",
                "час",
                "сегодня",
                ":",
                ".",
                "/",
                "-",
                "PM",
                "2022",
            ]
        ),
    ),
    max_size=12,
)


@given(pieces, st.sampled_from(["", " "]))
@example(["29", ".", "02", " 00:00"], "")
@example(["24:00", " 31.12.2039"], "")
def test_never_raises_and_is_always_plausible(parts: list[str], glue: str) -> None:
    parsed = parse_date(glue.join(parts), now=LATER, zone=MOSCOW)
    assert parsed is None or plausible(parsed.moment, LATER)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://site.ru/2026/11/20/", "2026-11-20"),
        ("https://site.ru/2026/11/20", "2026-11-20"),
        ("https://site.ru/news/2026/1/2/slug.html", "2026-01-02"),
        ("https://ria.ru/20261120/ugrozy-1768.html", "2026-11-20"),
        ("https://site.ru/20261120/", "2026-11-20"),
        ("https://site.ru/20261120-slug", "2026-11-20"),
        ("https://site.ru/2026-11-20-slug", "2026-11-20"),
        ("https://site.ru/2026-11-20/slug", "2026-11-20"),
        ("https://site.ru/news/slug-2026-11-20.html", "2026-11-20"),
        ("https://www.rbc.ru/politics/24/10/2017/59ef", "2017-10-24"),
        ("https://www.rbc.ru/politics/02/03/2017/59ef", "2017-03-02"),
        ("https://www.theguardian.com/world/2022/jan/18/slug", "2022-01-18"),
        ("https://site.ru/2026/1120/slug", "2026-11-20"),
        ("https://site.ru/202611/20/slug", "2026-11-20"),
        ("https://site.ru/2026/13/40/2026/11/20/", "2026-11-20"),
    ],
)
def test_reads_the_day_of_a_url(url: str, day: str) -> None:
    parsed = date_in_url(url, zone=MOSCOW)
    assert parsed == ParsedDate(datetime.fromisoformat(day).replace(tzinfo=MOSCOW), "day", False)


@pytest.mark.parametrize(
    "url",
    [
        "https://site.ru/news/20101112",
        "https://site.ru/news/20101112.html",
        "https://site.ru/news/2010111245/",
        "https://site.ru/news/120101112/slug",
        "https://site.ru/1/2/3/",
        "https://site.ru/2026/11/slug",
        "https://site.ru/2026/02/30/slug",
        "https://site.ru/01/18/2022/slug",
        "https://site.ru/1989/11/20/slug",
        "https://site.ru/news?date=2026-11-20",
        "https://site.ru/5-1234-18",
        "https://site.ru/2022/jat/18/slug",
        "http://[broken/2026/11/20/",
        "",
    ],
)
def test_reads_no_day_from_ids(url: str) -> None:
    assert date_in_url(url, zone=MOSCOW) is None


@given(st.text())
def test_any_url_is_read_without_error(url: str) -> None:
    assert date_in_url("https://a.ru/" + url) is None or "20" in url or "19" in url
