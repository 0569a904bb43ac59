from __future__ import annotations

import pytest

from index.web.language import preferred


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.5,en;q=0.4", "ru"),
        ("de, fr", "en"),
        ("RU", "ru"),
        ("ru;q=0", "en"),
        ("ru;q=0,en;q=0", "en"),
        ("*", "en"),
        ("en;q=0.3, ru ; q = 0.4", "ru"),
        ("ru;q=2", "en"),
        ("russian", "en"),
        ("ru;q=x, <script>", "en"),
        ("," * 100_000 + "ru", "en"),
    ],
)
def test_the_best_language_of_ours(accept: str, language: str) -> None:
    assert preferred(accept) == language
