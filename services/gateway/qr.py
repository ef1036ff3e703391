"""Addresses as QR codes, in SVG without a style of its own, which a strict policy would refuse."""

import segno
from markupsafe import Markup


def qr(address: str, border: int = 0) -> Markup:
    """Error level M, for it is printed small or seen from a step away."""
    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(border=border, omitsize=True, svgclass=None, lineclass=None))
