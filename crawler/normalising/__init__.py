"""From what a page says of itself to comparable fields: identity, text, language, people, publication time."""
