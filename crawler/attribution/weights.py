"""How much each form of sign is worth, and how far a page is searched for it.

The weights are confidences from 0 to 1. Their order was set by looking at 4,400 Russian and English news
pages of some 570 sites (2019): which forms stood on reprints, and which stood beside a site's own text as
well. `docs/attribution.md` shows each form with examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from index.article import EvidenceKind

# A machine-readable pointer says what it says; a cross-site canonical is sometimes a template's mistake.
SOURCE_LINK = 0.95
FOREIGN_CANONICAL = 0.9
# A closing line that is only an address is never a quotation. A labelled name may name one source of several.
MARK_URL = 0.9
MARK_LABEL = 0.8
MARK_NAME = 0.7
# Wires want datelines kept, but rewritten texts keep them too.
DATELINE = 0.7
# One agency's habit, which others have taken up.
SIGN_OFF = 0.6
# Templates fill the author with whatever the editor chose.
CREDIT = 0.5
# A report about a report. Only decides between signs of equal weight.
INLINE = 0.2

OWN_SITE = 0.5
"""Nothing points elsewhere. Silence proves little: copies without any mark exist. It yields to every sign
that names another house, but for an inline mention. Closing lines that name one's own house are site
furniture as often as a signature and weigh the same."""

OWN_DATELINE = 0.95
"""An agency's own dateline on its own pages: reprints of other wires never carry it."""

WEIGHTS: Mapping[EvidenceKind, float] = MappingProxyType(
    {
        "source_link": SOURCE_LINK,
        "foreign_canonical": FOREIGN_CANONICAL,
        "mark_url": MARK_URL,
        "mark_label": MARK_LABEL,
        "mark_name": MARK_NAME,
        "dateline": DATELINE,
        "sign_off": SIGN_OFF,
        "credit": CREDIT,
        "inline": INLINE,
        "own_site": OWN_SITE,
    }
)

CLOSING_PARAGRAPHS = 3  # closing lines are looked for in so many last paragraphs
CLOSING_WORDS = 8  # and only in paragraphs of at most so many words
DATELINE_CHARACTERS = 120  # a dateline ends within so many characters
