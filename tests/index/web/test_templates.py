"""What every template does to what is put into it."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from index.web.templates import environment, straight


@pytest.mark.parametrize("turning", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_character_turns_the_direction_of_a_page(turning: str) -> None:
    template = environment().from_string("<b title='{{ text }}'>{{ text }}</b>{{ text | passage }}")
    assert template.render(text=f"a{turning}<b") == "<b title='a&lt;b'>a&lt;b</b>a&lt;b"


def test_marks_of_direction_and_what_is_no_text_stay() -> None:
    assert straight("\u200fשלום\u200e \u061c") == "\u200fשלום\u200e \u061c"
    assert straight(7) == 7
    assert straight(None) is None
    assert isinstance(straight(Markup("<b>x</b>")), Markup)
