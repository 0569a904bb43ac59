from __future__ import annotations

from index.stories.slots import SlotCount, compare, name_slots, number_slots
from index.stories.tokens import cased_tokens, tokens


def numbers(one: str, other: str) -> SlotCount:
    return compare(number_slots(tokens(one)), number_slots(tokens(other)))


def names(one: str, other: str) -> SlotCount:
    return compare(*(name_slots(cased_tokens(text), tokens(text)) for text in (one, other)))


def test_equal_figures_in_equal_places() -> None:
    text = "курс доллара составит 78,41 рубля за единицу"
    assert numbers(text, text.replace(",", ".")) == SlotCount(common=2, differing=0)


def test_other_figures_in_equal_places() -> None:
    assert numbers(
        "курс доллара составит 78 рублей за штуку", "курс доллара составит 79 рублей за штуку"
    ) == (SlotCount(common=2, differing=2))


def test_a_number_among_the_neighbours_is_masked() -> None:
    assert numbers("от 5 до 7 градусов тепла", "от 6 до 9 градусов тепла").differing == 3


def test_a_cut_copy_holds_fewer() -> None:
    long = "погибли еще 3 человека в городе и погибли еще 5 человека в городе"
    short = "погибли еще 3 человека в городе"
    assert numbers(long, short) == numbers(short, long) == SlotCount(common=2, differing=0)


def test_other_places_are_not_compared() -> None:
    assert numbers("в селе 30 домов без света", "на трассе 40 машин стояли долго") == SlotCount(0, 0)
    assert SlotCount(0, 0).share == 0


def test_names_stand_between_equal_words() -> None:
    assert names("сообщил глава села Иванов в среду утром", "сообщил глава села Петров в среду утром") == (
        SlotCount(common=1, differing=1)
    )
    assert (
        names("сообщил глава села Иванов в среду утром", "сообщил глава села иванов в среду утром").common
        == 0
    )


def test_short_texts_have_no_slots() -> None:
    assert numbers("5", "6") == names("Да", "Нет") == SlotCount(0, 0)
