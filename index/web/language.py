"""Which of the interface's languages a browser asks for (RFC 9110, 12.5.4)."""

from __future__ import annotations

import re

LANGUAGES = ("en", "ru")  # the first where the browser names none of them
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def preferred(accept: str) -> str:
    """The language that an Accept-Language header likes best; `ru-RU` is `ru`, what cannot be read is left out."""
    best, weight = LANGUAGES[0], 0.0
    for part in accept[:1_000].split(","):
        match = _RANGE.fullmatch(part)
        if not match:
            continue
        language, quality = match[1].lower(), float(match[2] or 1)
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best
