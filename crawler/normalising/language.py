"""Which language a text is in: by its letters where they tell, by a model where not, else as declared."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNDETERMINED = "und"  # ISO 639-2

_SAMPLE = 2000  # characters: the model's cost grows with the text, its answer no longer changes
_ENOUGH = 60  # letters in a text that is judged by itself; below it a name or quotation outweighs the rest
_SURE = 0.9  # of the model's probability; below it the declaration is the better witness
_PRESENT = 0.2  # share of a text's letters from which a script is more than a quotation

_RUSSIAN = "ыэъё"
_UKRAINIAN = "іїєґ"
# Letters of the other Cyrillic alphabets: Belarusian, Kazakh, Kyrgyz, Tatar, Mongolian, Serbian, Macedonian, Tajik.
_OTHERS = frozenset("ўәғқңөұүһјљњћђџѓќѕӣҳҷӯ")
_CLEAR_MAJORITY = 5  # times: a Russian article may quote a Ukrainian name, and the other way round

_CYRILLIC_LANGUAGES = frozenset(
    {"ru", "uk", "be", "bg", "kk", "ky", "mk", "mn", "sr", "tg", "tt", "ba", "ce", "cv"}
)
_BOTH_SCRIPTS = frozenset({"sr", "kk", "uz", "az", "bs"})
_OTHER_SCRIPTS = _words(
    "am ar bn dv dz el fa gu he hi hy ja ka km kn ko lo ml mr my ne or pa ps sa si ta te th ti ug ur yi zh"
)

# ISO 639-2 codes, and country codes that stand where a language should.
_ALIASES = {
    "rus": "ru", "ukr": "uk", "bel": "be", "eng": "en", "deu": "de", "ger": "de", "kaz": "kk", "fra": "fr",
    "fre": "fr", "spa": "es", "bul": "bg", "ua": "uk", "by": "be", "kz": "kk", "iw": "he", "jp": "ja", "cn": "zh",
}  # fmt: skip
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


def detect_language(text: str, declared: str | None = None, site_language: str | None = None) -> str:
    """ISO 639-1 code of a text, 'und' when nothing tells.

    The text itself is asked first, when it is long enough and clear: pages declare the language of their
    template. Then what the page declares ('ru-RU', 'en_US'), then the site's, each only if the language is
    written in the letters of the text.
    """
    sample = text[:_SAMPLE]
    letters = Counter(character for character in sample.lower() if character.isalpha())
    scripts = _scripts(letters)
    if letters.total() >= _ENOUGH:
        told = _by_letters(letters, scripts) or _by_model(sample, scripts)
        if told:
            return told
    candidates = (language_code(declared), language_code(site_language))
    return next((code for code in candidates if code and _fits(code, scripts)), UNDETERMINED)


def language_code(declared: str | None) -> str | None:
    """The ISO 639-1 code in a declaration: 'ru' of 'ru-RU', 'en' of 'en_US', 'uk' of 'ua'; None: there is none."""
    code = re.split(r"[-_,;\s]", (declared or "").strip().lower(), maxsplit=1)[0]
    code = _ALIASES.get(code, code)
    return code if re.fullmatch("[a-z]{2,3}", code) and code not in _NO_LANGUAGE else None


def _scripts(letters: Counter[str]) -> frozenset[str]:
    """Scripts that a text is written in, the fifth part of its letters at least; empty without letters."""
    shares = Counter[str]()
    for letter, count in letters.items():
        shares[_script(letter)] += count
    return frozenset(script for script, count in shares.items() if count >= _PRESENT * shares.total())


def _script(letter: str) -> str:
    if "\u0400" <= letter <= "\u04ff":
        return "cyrillic"
    return "latin" if letter <= "\u024f" else "other"


def _fits(code: str, scripts: frozenset[str]) -> bool:
    """Whether a language is written in one of these scripts; without letters any may be."""
    return not scripts or not scripts.isdisjoint(_scripts_of(code))


def _scripts_of(code: str) -> frozenset[str]:
    if code in _BOTH_SCRIPTS:
        return frozenset({"cyrillic", "latin"})
    if code in _OTHER_SCRIPTS:
        return frozenset({"other"})
    return frozenset({"cyrillic"}) if code in _CYRILLIC_LANGUAGES else frozenset({"latin"})


def _by_letters(letters: Counter[str], scripts: frozenset[str]) -> str | None:
    """Russian and Ukrainian share an alphabet but for four letters each; text with others goes to the model."""
    if scripts != {"cyrillic"}:
        return None
    russian = sum(letters[letter] for letter in _RUSSIAN)
    ukrainian = sum(letters[letter] for letter in _UKRAINIAN)
    if sum(letters[letter] for letter in _OTHERS) * _CLEAR_MAJORITY > russian + ukrainian:
        return None
    # ъ alone is Bulgarian: Russian has ы or э as well
    if russian > _CLEAR_MAJORITY * ukrainian and letters["ы"] + letters["э"] > 0:
        return "ru"
    return "uk" if ukrainian > _CLEAR_MAJORITY * russian else None


def _by_model(text: str, scripts: frozenset[str]) -> str | None:
    ranked: list[tuple[str, float]] = _model().rank(text)
    # Codes of three letters are lects (Nigerian Pidgin) that take a share of English and never run a news site.
    scores = {code: score for code, score in ranked if len(code) == 2 and _fits(code, scripts)}
    best = max(scores, key=lambda code: scores[code], default=None)
    if best is None or scores[best] < _SURE * sum(scores.values()):
        return None
    return best


@cache
def _model() -> LanguageIdentifier:
    """The model of py3langid, loaded when first asked: that takes longer than 1,000 answers."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
