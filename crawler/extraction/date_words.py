"""The words that dates are written in: Russian, Ukrainian, English and German, in lower case.

Data only; `crawler.extraction.dates` reads dates with it. Month names in the nominative and genitive and the
short forms follow Unicode CLDR, with the spellings that newsrooms use beside them (сент, sept, Jänner).
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MONTHS: tuple[tuple[str, ...], ...] = (
    ("январь", "января", "янв", "січень", "січня", "січ", "january", "jan", "januar", "jänner", "jän"),
    ("февраль", "февраля", "фев", "февр", "лютий", "лютого", "лют", "february", "feb", "februar", "feber"),
    ("март", "марта", "мар", "березень", "березня", "бер", "march", "mar", "märz", "maerz", "mär", "mrz"),
    ("апрель", "апреля", "апр", "квітень", "квітня", "кві", "квіт", "april", "apr"),
    ("май", "мая", "травень", "травня", "тра", "трав", "may", "mai"),
    ("июнь", "июня", "июн", "червень", "червня", "чер", "черв", "june", "jun", "juni"),
    ("июль", "июля", "июл", "липень", "липня", "лип", "july", "jul", "juli"),
    ("август", "августа", "авг", "серпень", "серпня", "сер", "серп", "august", "aug"),
    ("сентябрь", "сентября", "сен", "сент", "вересень", "вересня", "вер", "september", "sep", "sept"),
    ("октябрь", "октября", "окт", "жовтень", "жовтня", "жов", "жовт", "october", "oct", "oktober", "okt"),
    ("ноябрь", "ноября", "ноя", "нояб", "листопад", "листопада", "лис", "листоп", "november", "nov"),
    ("декабрь", "декабря", "дек", "грудень", "грудня", "гру", "груд", "december", "dec", "dezember", "dez"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}

VERBS = frozenset({"may", "march"})
"""Months that are common English words too: in lower case they need a year beside them."""

WEEKDAYS = _words(
    """
    понедельник понедельника пн вторник вторника вт среда среды среду ср четверг четверга чт
    пятница пятницы пятницу пт суббота субботы субботу сб воскресенье воскресенья вс
    понеділок понеділка вівторок вівторка середа середи середу четвер четверга п'ятниця п'ятницю пятниця
    субота суботи суботу неділя неділю нд
    monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so
    """
)

JOINTS = _words("в во о об г года год р року рік at on um von the time время час uhr") | WEEKDAYS
"""Words that may stand between a date and its clock."""

LEADS = (
    _words(
        """
    опубликовано опубликована опубликован публикация дата публикации время обновлено обновлена обновление
    обновления последнее изменено размещено добавлено создано вышло
    опубліковано оновлено публікації додано створено час
    published updated posted created modified last date time publication on first
    veröffentlicht aktualisiert stand erstellt publiziert am den vom datum zuletzt
    """
    )
    | JOINTS
)
"""Words that may stand before a clock or a relative day when nothing else dates the text."""

DAYS_AGO = {
    "сегодня": 0, "сьогодні": 0, "today": 0, "heute": 0,
    "вчера": 1, "вчора": 1, "yesterday": 1, "gestern": 1,
    "позавчера": 2, "позавчора": 2, "vorgestern": 2,
}  # fmt: skip

JUST_NOW = frozenset({"только что", "щойно", "just now", "gerade eben"})

COUNTS = {
    "один": 1, "одну": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6,
    "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "полтора": 1.5, "півтори": 1.5,
    "дві": 2, "чотири": 4, "п'ять": 5, "шість": 6, "сім": 7, "вісім": 8, "дев'ять": 9,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
    "einem": 1, "einer": 1, "ein": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
}  # fmt: skip

UNIT_SECONDS = {
    1: "секунда секунду секунды секунд сек секунди second seconds sec secs s sekunde sekunden",
    60: "минута минуту минуты минут мин хвилина хвилину хвилини хвилин хв minute minutes min mins m minuten",
    1800: "полчаса півгодини",
    3600: "час часа часов ч година годину години годин hour hours hr hrs h stunde stunden std",
    86400: "день дня дней сутки доба добу дні днів day days d tag tage tagen",
}
UNITS = {word: seconds for seconds, words in UNIT_SECONDS.items() for word in words.split()}
"""Units of "N … ago" in seconds. Weeks, months and years are left out: too vague to name a day."""

ZONES: dict[str, str | int] = {
    "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60,
    "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180, "BST": 60,
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "AKST": -540, "AKDT": -480, "HST": -600, "IST": 330, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480,
    "AEST": 600, "AEDT": 660, "AWST": 480, "NZST": 720, "NZDT": 780,
    "MSK": "Europe/Moscow", "MSD": 240, "МСК": "Europe/Moscow", "Msk": "Europe/Moscow",
    "msk": "Europe/Moscow", "мск": "Europe/Moscow", "Мск": "Europe/Moscow",
    "SAMT": 240, "YEKT": 300, "OMST": 360, "KRAT": 420, "NOVT": 420, "IRKT": 480, "YAKT": 540, "VLAT": 600,
    "MAGT": 660, "PETT": 720, "utc": 0, "gmt": 0,
}  # fmt: skip
"""Zone names as written, case counts ("ist" is a German verb): minutes east of UTC, or a zone of the tz database
where the offset has changed over time (Moscow) or follows the season (ET). Names with several meanings take that
of the larger press: CST is Chicago, IST is India, BST is London."""

CITY_TIMES = {
    "моск": "Europe/Moscow", "moscow": "Europe/Moscow", "moskau": "Europe/Moscow",
    "киев": "Europe/Kyiv", "київ": "Europe/Kyiv", "києв": "Europe/Kyiv",
    "kyiv": "Europe/Kyiv", "kiev": "Europe/Kyiv", "минск": "Europe/Minsk", "астан": "Asia/Almaty",
    "алмат": "Asia/Almaty", "самар": "Europe/Samara", "екатеринбург": "Asia/Yekaterinburg",
    "омск": "Asia/Omsk", "новосибирск": "Asia/Novosibirsk", "красноярск": "Asia/Krasnoyarsk",
    "иркутск": "Asia/Irkutsk", "якутск": "Asia/Yakutsk", "владивосток": "Asia/Vladivostok",
    "камчатск": "Asia/Kamchatka", "eastern": "America/New_York", "pacific": "America/Los_Angeles",
    "london": "Europe/London", "гринвич": "UTC",
}  # fmt: skip
"""Beginnings of "по московскому времени", "Kyiv time" and their like."""
