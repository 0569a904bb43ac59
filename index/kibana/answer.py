"""`Answer` of Kibana, or of what stands in its place, and what an unusable one means and asks of the user."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from index.backend import BackendError

if TYPE_CHECKING:
    from index.kibana.address import Address

BUSY = frozenset({408, 429, 502, 503, 504})  # statuses after which the same request may succeed later
LONGEST_RETRY_AFTER = 3600.0  # seconds; a longer Retry-After is a mistake
_LONGEST_REASON = 300  # characters of a server's message
_LOGIN = ("login", "auth", "saml", "sso", "oidc")


class KibanaUnavailable(BackendError):
    """Kibana cannot be used until someone acts; the message says how."""


class KibanaForbidden(KibanaUnavailable):
    """The credentials are right and do not allow what was asked (403)."""


class KibanaMissing(KibanaUnavailable):
    """What was asked for is not there (404)."""


class KibanaRefused(KibanaUnavailable):
    """Kibana does not take a request as it is; `status` says how."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class KibanaUnreachable(BackendError):
    """Kibana does not answer, or not yet.

    `retry_after` is how many seconds it asked to be left alone, `asked_for_time` whether it was the server that said
    it is busy: only then the same request goes out again.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, *, asked_for_time: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.asked_for_time = asked_for_time


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: a path below the base path, `anonymous` without credentials."""

    address: Address
    path: str
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body as they came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def content(self) -> dict[str, Any] | None:
        """The JSON object of the body; None when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def reason(self) -> str:
        """The server's words on one line, without control characters (they could steer a terminal)."""
        content = self.content()
        if content is None and self.body.lstrip()[:1] == b"<":
            return "an HTML page"
        text = (content or {}).get("message") or overall(content) or self.body.decode("utf-8", "replace")
        return one_line(str(text)) or "no reason given"


def overall(status: dict[str, Any] | None) -> str:
    """How Kibana says it is, in an answer to /api/status: 'unavailable: ...'; '' for any other body."""
    found: object = status
    for name in ("status", "overall"):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("level"), str):
        return ""
    summary = one_line(str(found.get("summary") or ""))
    return f"{one_line(found['level'])}{summary and f': {summary}'}"


def one_line(text: str) -> str:
    """What a server wrote, fit to be printed."""
    kept = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(kept.split())[:_LONGEST_REASON]


def fault_of(answer: Answer, asked: Asked) -> KibanaUnavailable | KibanaUnreachable | None:
    """What is wrong with an answer; None for a JSON object with a status below 300."""
    place = asked.address.place
    if answer.headers.get("x-elastic-product") == "Elasticsearch":
        return KibanaUnavailable(
            f"what answers at {place} is Elasticsearch, not Kibana: Kibana has an address of its own (port 5601 "
            "unless it was changed)"
        )
    if 300 <= answer.status < 400:
        return KibanaUnavailable(_redirected(answer, asked))
    if answer.status in BUSY:
        return KibanaUnreachable(
            f"Kibana at {place} is not ready ({answer.status}): {answer.reason()}",
            _after(answer),
            asked_for_time=True,
        )
    if answer.status >= 400:
        return _refusal(answer, asked)
    if answer.content() is None:
        return KibanaUnavailable(
            f"{answer.reason() if answer.reason() == 'an HTML page' else 'something else'} answers at {place} in "
            f"Kibana's place{_proxy_hint()}"
        )
    return None


def _refusal(answer: Answer, asked: Asked) -> KibanaUnavailable:
    place, status, reason = asked.address.place, answer.status, answer.reason()
    if status == 401:
        return KibanaUnavailable(refused_credentials(asked.address, anonymous=asked.anonymous))
    if status == 403:
        return KibanaForbidden(
            f"Kibana at {place} forbids it (403): {reason}; the role needs the Kibana privilege 'Saved Objects "
            "Management: All' in this space (docs/kibana.md, Import)"
            + (_proxy_hint() if answer.content() is None else "")
        )
    if status == 404:
        return KibanaMissing(
            f"there is no Kibana at {place} (404: {reason}): check the address; a base path such as /kibana "
            "belongs to it"
        )
    if status == 413:
        return KibanaRefused(
            f"the file is too large for {place} (413: {reason}): raise savedObjects.maxImportPayloadBytes in "
            "kibana.yml, or the limit of a proxy before it (nginx: client_max_body_size)",
            status,
        )
    return KibanaRefused(f"Kibana at {place} refuses the request ({status}): {reason}", status)


def refused_credentials(address: Address, *, anonymous: bool) -> str:
    """What to do when Kibana does not know who asks."""
    if anonymous:
        return (
            f"Kibana at {address.place} asks for credentials: set SVODKA_KIBANA_API_KEY, or "
            "SVODKA_KIBANA_USERNAME and _PASSWORD. Those for Elasticsearch are not sent to Kibana by themselves"
        )
    return (
        f"Kibana at {address.place} refuses the credentials (401): check SVODKA_KIBANA_API_KEY, or "
        "SVODKA_KIBANA_USERNAME and _PASSWORD"
    )


def _redirected(answer: Answer, asked: Asked) -> str:
    """Where a redirect leads: to a login page, or to the address that was meant."""
    root = asked.address.root
    target = urljoin(f"{root}{asked.path}", one_line(answer.headers.get("location") or ""))
    parts = urlsplit(target)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if any(sign in parts.path.lower() for sign in _LOGIN):
        return (
            f"{asked.address.place} leads on to a login page, {shown} ({answer.status}): a proxy before Kibana wants "
            "people to log in; take an address of Kibana behind it"
        )
    better = shown.removesuffix(asked.path.partition("?")[0])
    if better == shown:
        return (
            f"{asked.address.place} leads on to {shown} ({answer.status}): is that Kibana? Check its address"
        )
    return f"{asked.address.place} leads on to {shown} ({answer.status}): make {better} the address of Kibana"


def _proxy_hint() -> str:
    return " (the login page of a proxy?): check the address, and take one of Kibana itself"


def _after(answer: Answer) -> float | None:
    """Seconds of Retry-After (RFC 9110 section 10.2.3); Kibana does not use the form with a date."""
    value = answer.headers.get("retry-after") or ""
    return min(float(value), LONGEST_RETRY_AFTER) if value.isascii() and value.isdecimal() else None
