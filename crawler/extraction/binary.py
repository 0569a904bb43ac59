"""Telling binary data from a page, so that a picture or a PDF sent as HTML is refused and not read as text."""

from __future__ import annotations

import re

from crawler.decode import unicode_form

_FORMATS = re.compile(
    rb"^\s*(?:%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|PK\x03\x04|\x1f\x8b|RIFF|OggS|ID3|\x00\x00\x01\x00)"
)
_CONTROLS = bytes((*range(9), *range(14, 27)))  # without white space and escape
_SAMPLE = 32_768  # bytes looked at
_MOST_CONTROLS = 0.05  # of the sample


class NotText(ValueError):
    """The bytes are no text at all; the message says what they look like."""


def refuse_binary(html: bytes) -> None:
    """Raise `NotText` for known file formats and for more control characters than a text has."""
    if unicode_form(html):
        return
    if _FORMATS.match(html[:64]):
        raise NotText("binary data, not a page")
    sample = html[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * _MOST_CONTROLS:
        raise NotText(f"binary data: {controls} control characters in the first {len(sample)} bytes")
