"""QR codes as one SVG path."""

import re

import segno

from services.gateway.qr import QUIET, code


def test_the_path_draws_just_the_dark_modules():
    address = "https://station.example/track?number=天安2026-0001"
    drawn = code(address)
    dark = {
        (x, int(y))
        for start, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn.path)
        for x in range(int(start), int(start) + int(length))
    }
    matrix = segno.make(address, error="m", micro=False).matrix
    assert drawn.size == len(matrix) + 2 * QUIET
    assert dark == {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
