"""QR codes as the pages show them."""

from xml.etree import ElementTree

from services.gateway.qr import qr

ADDRESS = "https://station.example/track?number=天安2026-0001"


def test_nothing_of_it_is_refused_by_a_strict_policy():
    drawn = ElementTree.fromstring(qr(ADDRESS))
    assert not [element for element in drawn.iter() if "style" in element.attrib or element.tag.endswith("style")]


def test_a_border_leaves_room_around():
    sides = [int(ElementTree.fromstring(qr(ADDRESS, border)).attrib["viewBox"].split()[2]) for border in (0, 2)]
    assert sides[1] == sides[0] + 4
