"""What a person is told when there can be no node: one line that says what to do."""

from __future__ import annotations


class Refusal(Exception):
    """There will be no node; the message says why and what to do about it."""


class Missing(Refusal):
    """Something this machine has not got, such as Maven or a new enough Java; the message says how to get it."""
