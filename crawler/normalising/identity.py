"""Identity: when two addresses are the same article.

Folded away are scheme, default port, user, `www.`, fragment, trailing and doubled slashes, `/../`, forms of
percent-encoding, punycode against Unicode, session ids, the order of the query and tracking parameters. The
mobile and AMP forms that publishers use are folded too: hosts `m.` and `amp.` before a site's own name, a last
path segment `amp`, a query parameter `amp`. What else the query holds is kept: the article's id may be in it.
Upper and lower case of a path count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from w3lib.url import canonicalize_url

from crawler.normalising.clean_params import CleanParam, clean_params

if TYPE_CHECKING:
    from crawler.site import Site

__all__ = ["CleanParam", "choose_identity", "clean_params", "identity", "identity_url"]

# Named by the services that set them: Google, Meta, Yandex, Microsoft, X, TikTok, Mailchimp, HubSpot, Matomo, AT.
_TRACKING_PREFIXES = ("utm_", "ga_", "mtm_", "hsa_", "oly_", "vero_", "at_", "ns_")
_TRACKING = frozenset(
    {
        "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "openstat", "action_object_map", "amp", "cmpid", "dclid",
        "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "gbraid", "gclid", "gclsrc", "igsh",
        "igshid", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ocid", "outputtype", "phpsessid",
        "pk_campaign", "pk_content", "pk_kwd", "pk_medium", "pk_source", "rb_clickid", "rss", "s_cid", "smid",
        "smtyp", "srsltid", "ttclid", "twclid", "wbraid", "yclid", "ysclid",
    }
)  # fmt: skip
_CHANNEL_PARAMETERS = frozenset({"from", "ref", "source", "src", "via", "referrer"})
# `from=` is dropped only where its value is a channel: elsewhere it is an offset or names another edition.
_CHANNEL = re.compile(
    r"(?:from_)?(?:rss|feed|newsfeed|hotnews|main|top|doc_vrez|twitter|telegram|tg|vk|ok|facebook|fb|dzen|zen"
    r"|yandex|yanews|ynews|google|googlenews|mail|push|newsletter|email|share|social|widget|partner|direct)"
    r"(?:[_-]?(?:main|feed|news|\d{1,2}))*",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_ALIAS_HOSTS = ("www.", "m.", "amp.")
_SECOND_LEVEL = frozenset(
    {"ac", "co", "com", "edu", "gov", "net", "org"}
)  # m.co.uk is no mobile form of co.uk

# Query parameters that pick a view of an article, not an article.
_VIEWS = re.compile(
    r"(?:page|pg|p|pagen_\d+|start|offset|print|version|v|t|ts|time|r|rand|_|comments?|cid|reply\w*)"
)
_VIEW_SEGMENTS = re.compile(r"(?:/(?:amp|print|mobile|comments|page/\d+))+")
_PLACEHOLDER = re.compile(r"[{}<>]|%7[BD]|/(?:undefined|null|none)$", re.IGNORECASE)
_FOREIGN_URL = re.compile(r"/https?:/", re.IGNORECASE)


def identity(url: str, *, id_pattern: str | None = None, clean_params: Iterable[CleanParam] = ()) -> str:
    """128-bit BLAKE2b of the identity URL, as 32 hex digits."""
    folded = identity_url(url, id_pattern=id_pattern, clean_params=clean_params)
    return blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def identity_url(url: str, *, id_pattern: str | None = None, clean_params: Iterable[CleanParam] = ()) -> str:
    """The form that all addresses of one article share. Not meant to be fetched.

    `id_pattern` is searched in the path, then in path and query: where it matches, host and first group are
    the identity, whatever slug stands around them. An address that cannot be taken apart stands for itself.
    """
    try:
        parts = urlsplit(canonicalize_url(without_noise(url.strip(), clean_params)))
        host = _host(parts)
    except (ValueError, UnicodeError):
        return url.strip()
    if not host or parts.scheme not in {"http", "https"}:
        return url.strip()
    path = _path(parts.path)
    query = f"?{parts.query}" if parts.query else ""
    article_id = _article_id(id_pattern, path, query)
    return f"https://{host}/#{article_id}" if article_id else f"https://{host}{path or '/'}{query}"


def without_noise(url: str, rules: Iterable[CleanParam] = ()) -> str:
    """A URL to show to people: without fragment, session id and parameters that do not matter."""
    parts = urlsplit(url)
    ignored = frozenset[str]().union(*(rule.names for rule in rules if rule.applies(parts.path or "/")))
    pairs = (pair.removeprefix("amp;") for pair in parts.query.split("&"))  # "&amp;" that nobody unescaped
    kept = [pair for pair in pairs if pair and not _is_noise(pair, ignored)]
    return parts._replace(path=_SESSION.sub("", parts.path), query="&".join(kept), fragment="").geturl()


def _is_noise(pair: str, ignored: frozenset[str]) -> bool:
    written, _, value = pair.partition("=")
    name = unquote(written)
    lower = name.lower()
    if name in ignored or lower in _TRACKING or lower.startswith(_TRACKING_PREFIXES):
        return True
    return lower in _CHANNEL_PARAMETERS and _CHANNEL.fullmatch(unquote(value)) is not None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    for alias in _ALIAS_HOSTS * 2:  # www.m.site.ru has two
        rest = host.removeprefix(alias)
        if rest != host and _is_site_name(rest):
            host = rest
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in {None, 80, 443} else f"{host}:{parts.port}"


def _is_site_name(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 2 or (len(labels) == 2 and labels[0] not in _SECOND_LEVEL)


def _path(path: str) -> str:
    path = re.sub("/{2,}", "/", path).rstrip("/")
    return re.sub("(?:/amp)+$", "", path) or path


def _article_id(pattern: str | None, path: str, query: str) -> str | None:
    if pattern is None:
        return None
    for form in (path, f"{path}/", f"{path}{query}", f"{path}/{query}"):
        if match := re.search(pattern, form):
            return match[1] if match.re.groups else match[0]
    return None


def choose_identity(final_url: str, canonical_url: str | None, site: Site) -> str:
    """The address that stands for the article: the canonical link where it can be believed, else the final URL."""
    if canonical_url is None or refused_canonical(final_url, canonical_url, site):
        return final_url
    return urljoin(final_url, canonical_url.strip())


def refused_canonical(final_url: str, canonical_url: str, site: Site) -> str:
    """Why a canonical link cannot be the identity of the page at `final_url`; empty when it can."""
    try:
        final, canonical = urlsplit(final_url), urlsplit(urljoin(final_url, canonical_url.strip()))
        host = (canonical.hostname or "").rstrip(".")
    except ValueError:
        return "not an address"
    if canonical.scheme not in {"http", "https"} or not host:
        return "not an address"
    if not any(site.owns(form) for form in _idn_forms(host)):
        return "another site"
    if _PLACEHOLDER.search(canonical.path) or _FOREIGN_URL.search(canonical.path):
        return "a template's placeholder or an archive's address"
    if _is_above(_path(final.path), _path(canonical.path), canonical.query):
        return "a home or section page"
    return "drops the id of the query" if _drops_id(final, canonical) else ""


def _idn_forms(host: str) -> set[str]:
    """A host as written, in punycode and in Unicode: site files may hold either form (RFC 5891)."""
    try:
        return {host, host.encode("idna").decode(), host.encode("idna").decode("idna")}
    except UnicodeError:
        return {host}


def _is_above(final: str, canonical: str, canonical_query: str) -> bool:
    """Whether a canonical path is the home page or a section, and the page itself lies deeper."""
    if canonical_query or canonical.count("/") >= final.count("/"):
        return False
    tail = final.removeprefix(canonical)
    if not canonical or _VIEW_SEGMENTS.fullmatch(tail) is None:
        last = canonical.rpartition("/")[2]
        return not (last and (last == final.rpartition("/")[2] or _looks_like_article(last)))
    return False


def _looks_like_article(segment: str) -> bool:
    return any(character.isdigit() for character in segment) or len(re.findall("[-_]", segment)) >= 2


def _drops_id(final: SplitResult, canonical: SplitResult) -> bool:
    """Whether the links differ by a numbered parameter that does not look like a mere view (page=2)."""
    if _path(final.path) != _path(canonical.path):
        return False
    kept = set(canonical.query.split("&"))
    dropped = [
        pair for pair in final.query.split("&") if pair not in kept and not _is_noise(pair, frozenset())
    ]
    return any(_is_id(*pair.partition("=")[::2]) for pair in dropped)


def _is_id(name: str, value: str) -> bool:
    return any(character.isdigit() for character in value) and _VIEWS.fullmatch(name.lower()) is None
