from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from benchmarks.plot import HEIGHT, WIDTH, Panel, svg

NAME = {"svg": "http://www.w3.org/2000/svg"}


def drawn(places: list[int], *panels: Panel) -> ET.Element:
    return ET.fromstring(svg(places, panels, limit=1.5))


def test_a_row_of_panels() -> None:
    root = drawn([1000, 10_000, 30_500], Panel("store, ms", [1, 2, 4]), Panel("a < b & c", [3, 3, 3]))
    assert root.get("viewBox") == f"0 0 {2 * WIDTH} {HEIGHT}"
    texts = [each.text for each in root.iterfind(".//svg:text", NAME)]
    assert texts == [
        *("store, ms", "1.5×", "1", "1k", "2", "10k", "4", "30500"),
        *("a < b & c", "1.5×", "3", "1k", "3", "10k", "3", "30500"),
    ]


@pytest.mark.parametrize("values", [[1, 2, 4], [4, 2, 1], [0, 0, 0], [1, 1000, 1], [1e-6, 1e-6, 2e-6]])
def test_everything_is_inside(values: list[float]) -> None:
    (panel,) = drawn([10, 100, 300], Panel("x", values)).iterfind("svg:g", NAME)
    circles = list(panel.iterfind("svg:circle", NAME))
    assert len(circles) == 3
    for each in circles:
        assert 0 < float(each.get("cx", "")) < WIDTH
        assert 20 < float(each.get("cy", "")) < HEIGHT
    heights = [float(each.get("cy", "")) for each in circles]
    assert [heights[0] > height for height in heights] == [values[0] < value for value in values]


def test_places_are_logarithmic() -> None:
    (panel,) = drawn([10, 100, 1000], Panel("x", [1, 1, 1])).iterfind("svg:g", NAME)
    first, middle, last = (float(each.get("cx", "")) for each in panel.iterfind("svg:circle", NAME))
    assert middle - first == pytest.approx(last - middle, abs=0.2)


def test_it_is_readable_on_dark_ground() -> None:
    assert "prefers-color-scheme: dark" in svg([1, 2], [Panel("x", [1, 2])], limit=1.5)
