"""The people of a byline: no agency, photo credit, job title, address or "editorial staff"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from crawler.normalising.text import normal_text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PHOTO = re.compile(
    r"(?:фото(?:граф)?|photo(?:graph)?|foto|видео|video|иллюстраци\w+|illustration|коллаж|инфографика|image|bild)\b"
    r"(?!\w)[\s:/©-]*(?:by\b|von\b)?",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:by|von|written by|words by|story by|текст|text|авторы?(?:\s(?:статьи|текста|материала))?|материал|"
    r"подготовил[аи]?|записал[аи]?|беседовал[аи]?|author|authors|autor|autorin|автори|автор)(?:\s*[:—–-]\s*|\s+)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:[,;|/•·\n&]|\s[—–-]\s|\b(?:and|und|и|та|і|й|with|при участии)\b(?=\s))\s*", re.IGNORECASE
)
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|«[^»]*»|\"[^\"]*\"")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.|\.(?:com|ru|org|net|info|kz|ua|by|de)\b)\S*", re.IGNORECASE)
_NAME_WORD = re.compile(r"(?:[^\W\d_]+(?:['’ʼ.-][^\W\d_]+)*\.?)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,3}")

_PARTICLES = _words(
    "de da di do du del della la le van von der den ter ten bin ibn al el af av zu y e фон ван дер де ди да ла ле "
    "ибн бен аль эль оглы оглу кызы"
)
_TITLES = _words(
    "корреспондент спецкорреспондент спецкор собкор обозреватель редактор шеф-редактор журналист журналистка "
    "колумнист политолог эксперт автор авторы reporter correspondent editor writer columnist journalist senior chief "
    "deputy political economics reporterin redakteur redakteurin korrespondent кореспондент редакторка"
)
_NOT_PEOPLE = _words(
    "редакция редакции редакцией редакційна редколлегия admin administrator админ администратор администрация news "
    "новости новини staff team newsroom redaktion desk пресс-служба пресс-центр агентство agency agentur отдел служба "
    "guest гость user webmaster press service online tv тв radio радио media медиа газета журнал портал сайт канал "
    "интернет-издание editorial editors reporters correspondents agencies contributors unknown none null undefined "
    "inc ltd llc gmbh ооо ао"
)
_DOMAIN_ENDINGS = frozenset({"RU", "KZ", "UA", "BY", "COM", "NET", "ORG", "INFO", "TV", "РФ"})
_LONGEST_BYLINE = 500  # characters; longer is a text, not a byline
_LONGEST_NAME = 5  # words


def people(authors: Iterable[str], is_agency: Callable[[str], bool]) -> list[str]:
    """Names of persons in bylines as written, each once, in order.

    `is_agency` says whether a name is a news agency. A person is named by at least two words, one of which may
    be an initial: single words are brands, sections and log-in names far more often than mononyms.
    """
    names: dict[str, str] = {}
    for byline in authors:
        for part in _parts(byline):
            name = _name(part, is_agency)
            if name:
                names.setdefault(name.casefold().replace("ё", "е"), name)
    return list(names.values())


def _parts(byline: str) -> list[str]:
    """What stands between the separators of a byline, without photo credits and what follows them."""
    text = _ASIDE.sub(" ", normal_text(byline[:_LONGEST_BYLINE]))
    parts = []
    for part in _SEPARATOR.split(text):
        if _PHOTO.match(part):
            break
        parts.append(part)
    return parts if len(byline) <= _LONGEST_BYLINE else parts[:-1]  # the last one is cut short


def _name(part: str, is_agency: Callable[[str], bool]) -> str | None:
    part = _PREFIX.sub("", part.strip(), count=1) if _PREFIX.match(part.strip()) else part.strip()
    if not part or is_agency(part):
        return None
    words = _person_words(_ADDRESS.sub(" ", part).strip(" .:—–-").split())
    if not _is_person(words) or is_agency(" ".join(words)):
        return None
    return " ".join(map(_cased, words))


def _person_words(words: list[str]) -> list[str]:
    """The words of the name itself: job titles before it and anything after it are cut."""
    while words and (words[0].lower() in _TITLES or _is_plain(words[0])):
        words = words[1:]
    end = next((at for at, word in enumerate(words) if _is_plain(word)), len(words))
    return words[:end]


def _is_plain(word: str) -> bool:
    return word[:1].islower() and word.lower() not in _PARTICLES and "'" not in word[:3]


def _is_person(words: list[str]) -> bool:
    if not 2 <= len(words) + sum(map(_glued_initials, words)) <= _LONGEST_NAME:
        return False
    if words[-1] in _DOMAIN_ENDINGS or any(word.lower().strip(".") in _NOT_PEOPLE for word in words):
        return False
    if not all(_NAME_WORD.fullmatch(word) or _INITIALS.fullmatch(word) for word in words):
        return False
    return any(len(word.strip(".")) > 1 and not _INITIALS.fullmatch(word) for word in words)


def _glued_initials(word: str) -> bool:
    return bool(re.fullmatch(r"(?:[^\W\d_]\.){1,2}[^\W\d_]{2,}", word))


def _cased(word: str) -> str:
    """A word in capitals as a name is written: "ПЕТРОВ-ВОДКИН" becomes "Петров-Водкин"; initials stay."""
    if not word.isupper() or len(word.strip(".")) < 3 or _INITIALS.fullmatch(word):
        return word
    return re.sub(r"[^\W\d_]+", lambda run: run[0].capitalize(), word)
