"""`attribute`: from the signs on a page to its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.attribution.addresses import split_url
from crawler.attribution.credits import credit_signs
from crawler.attribution.datelines import dateline_signs
from crawler.attribution.inline import inline_signs
from crawler.attribution.links import link_signs
from crawler.attribution.marks import mark_signs
from crawler.attribution.sign import House, Sign
from crawler.attribution.sign_off import sign_off_signs
from crawler.attribution.weights import OWN_DATELINE, OWN_SITE, WEIGHTS
from index.article import Evidence, Source

if TYPE_CHECKING:
    from crawler.agencies import Agencies
    from crawler.extraction.extracted import Extracted

_CUT_FROM_PROSE = frozenset({"dateline", "mark_url", "mark_label", "mark_name", "sign_off"})
_ORDER = {kind: place for place, kind in enumerate(WEIGHTS)}


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose text a page carries, and the address of the original where the page gives it."""

    source: Source
    original_url: str | None


def attribute(
    extracted: Extracted, url: str, *, site_name: str, agencies: Agencies, domains: Sequence[str] = ()
) -> Attribution:
    """Say whose text a page carries. Pure; never raises, whatever the page says.

    `url` is the page's own address, `site_name` the title of its site and `domains` all of that site's, the main
    one first: a page of a mirror is the same house's. Every sign found is kept as
    evidence, strongest first. The text of a closing line is the whole paragraph and the text of a dateline
    a prefix of its paragraph, so that both can be cut from the prose. When nothing points elsewhere the
    source is the page's own site.
    """
    home = _home(url, site_name, agencies, domains)
    weighed = _weighed(_signs(extracted, agencies), home)
    evidence = [each for each, _ in weighed]
    if not evidence or evidence[0].confidence < OWN_SITE:
        own = Evidence(kind="own_site", name=home.name, domain=home.domain, text="", confidence=OWN_SITE)
        evidence.insert(0, own)
    first = evidence[0]
    source = Source(name=first.name, domain=first.domain, confidence=first.confidence, evidence=evidence)
    originals = (sign.url for each, sign in weighed if sign.url and each.domain != home.domain)
    return Attribution(source, next(originals, None))


def _home(url: str, site_name: str, agencies: Agencies, domains: Sequence[str]) -> House:
    parts = split_url(url)
    first, *rest = domains or [(parts.hostname or "") if parts else ""]
    agency = agencies.by_host(first)
    also = frozenset(map(agencies.main_domain, rest))
    return House(site_name, agencies.main_domain(first), agency.owner if agency else None, also)


def _signs(extracted: Extracted, agencies: Agencies) -> Iterable[Sign]:
    body = [part for part in extracted.body.split("\n\n") if part.strip()]
    lead = [extracted.lead] if extracted.lead and extracted.lead.strip() else []
    yield from link_signs(extracted, agencies)
    yield from mark_signs(extracted.source_lines, body, agencies)
    yield from dateline_signs([*lead, *body][:2], agencies)
    yield from sign_off_signs([*body, *extracted.source_lines], agencies)
    yield from credit_signs(extracted, agencies)
    yield from inline_signs([*lead, *body], agencies)


def _weighed(signs: Iterable[Sign], home: House) -> list[tuple[Evidence, Sign]]:
    """Signs as evidence, strongest first; of equals, another house's, then the one that more forms name."""
    found: dict[Evidence, Sign] = {}
    for sign in signs:
        if evidence := _evidence(sign, home):
            found.setdefault(evidence, sign)
    forms = Counter(domain for domain, _ in {(each.domain, each.kind) for each in found})
    order = sorted(
        found,
        key=lambda each: (
            -each.confidence,
            each.domain == home.domain,
            -forms[each.domain],
            _ORDER[each.kind],
        ),
    )
    return [(each, found[each]) for each in order]


def _evidence(sign: Sign, home: House) -> Evidence | None:
    """A sign with its weight. One that names the own house or a sister is no mark of a copy.

    It is kept, in the own name, where its words have to be cut from the prose; other self-references go.
    """
    if not sign.house.is_kin(home):
        confidence = WEIGHTS[sign.kind]
        name, domain = sign.house.name, sign.house.domain
    elif sign.kind in _CUT_FROM_PROSE:
        confidence = OWN_DATELINE if sign.kind == "dateline" else OWN_SITE
        name, domain = home.name, home.domain
    else:
        return None
    return Evidence(kind=sign.kind, name=name, domain=domain, text=sign.text, confidence=confidence)
