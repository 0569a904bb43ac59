"""Parts of web addresses, read without ever raising."""

from __future__ import annotations

from urllib.parse import urlsplit

# Second-level labels under which countries register names (co.uk, com.ua, msk.ru); a short own list of the
# Public Suffix List's commonest rows (https://publicsuffix.org).
_SHARED_LABELS = frozenset(
    [
        "co",
        "com",
        "org",
        "net",
        "gov",
        "edu",
        "ac",
        "or",
        "ne",
        "go",
        "in",
        "msk",
        "spb",
        "kiev",
        "kyiv",
        "lviv",
        "od",
    ]
)


def host_of(url: str) -> str:
    """Host in lower case without port; '' when the address has none or is broken."""
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """Path without its outer slashes; '' for a front page and for a broken address."""
    try:
        return urlsplit(url).path.strip("/")
    except ValueError:
        return ""


def registrable_domain(host: str) -> str:
    """The domain that a house registers: 'm.ria.ru' -> 'ria.ru', 'www.bbc.co.uk' -> 'bbc.co.uk'."""
    labels = host.rstrip(".").split(".")
    wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_LABELS
    return ".".join(labels[-3:] if wide else labels[-2:])
