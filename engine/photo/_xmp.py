"""XMP: the mark that says the colours are synthetic, merged into the packet that the photo brought along.

Sources: XMP Specification Part 1 (Adobe, ISO 16684-1); IPTC Photo Metadata Standard 2023.2, "Digital Source Type".
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, cast

from defusedxml import minidom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.dom.minidom import Document, Element

SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a picture made of a photo and of what a trained model added."""

_PROGRAM = "Autochrome"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_MM = "http://ns.adobe.com/xap/1.0/mm/"
_EVENT = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_LONGEST_PACKET = 16 << 20

_EMPTY = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""/></rdf:RDF>'
    "</x:xmpmeta>"
)


class XmpError(ValueError):
    """The packet is no sound XMP."""


def creator(model: str) -> str:
    """How this program names itself in files.

    Args:
        model: The id of the model that coloured the photo; may be empty.
    """
    try:
        name = f"{_PROGRAM} {version('autochrome')}"
    except PackageNotFoundError:
        name = _PROGRAM
    return f"{name} ({model})" if model else name


def is_sound(packet: bytes) -> bool:
    """Whether a packet can be read."""
    try:
        _parse(packet)
    except XmpError:
        return False
    return True


def renewed(packet: bytes | None, *, width: int, height: int, mark: bool, model: str) -> bytes | None:
    """A packet made true again for the coloured, upright picture.

    Args:
        packet: The photo's packet; None where it has none.
        width: Width of the upright picture.
        height: Its height.
        mark: Whether to say that the colours are synthetic.
        model: The id of the model that made them.

    Returns:
        The packet with its wrapper; None if there is neither a packet nor a mark.

    Raises:
        XmpError: If the packet cannot be read.
    """
    if packet is None and not mark:
        return None
    document = _parse(packet or _EMPTY.encode())
    true = {
        (_TIFF, "Orientation"): "1",
        (_EXIF, "PixelXDimension"): str(width),
        (_EXIF, "PixelYDimension"): str(height),
    }
    true |= {(_TIFF, "ImageWidth"): str(width), (_TIFF, "ImageLength"): str(height), (_EXIF, "ColorSpace"): "1"}
    for (space, name), value in true.items():
        _correct(document, space, name, value)
    _remove(document, _XMP, "Thumbnails")
    # The part that this points to is a JPEG's own way of storing long packets, and does not come along.
    _remove(document, _NOTE, "HasExtendedXMP")
    if mark:
        _mark(document, model)
    text = cast("Element", document.documentElement).toxml()
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{text}<?xpacket end="w"?>'.encode()


def is_ours(packet: bytes | None) -> bool:
    """Whether a packet carries this program's mark: the synthetic source type, and this program's name as a maker."""
    if not packet or SYNTHETIC.encode() not in packet or _PROGRAM.encode() not in packet:
        return False
    try:
        document = _parse(packet)
    except XmpError:
        return False
    kinds = _values(document, _IPTC, "DigitalSourceType")
    makers = [*_values(document, _EVENT, "softwareAgent"), *_values(document, _XMP, "CreatorTool")]
    return SYNTHETIC in kinds and any(maker.split(" ")[0] == _PROGRAM for maker in makers)


def _parse(packet: bytes) -> Document:
    """The packet as a document that keeps its prefixes, order and comments."""
    if len(packet) > _LONGEST_PACKET:
        raise XmpError("the packet is too long")
    # Padding behind the wrapper, and zero bytes behind that, are common and are no XML.
    bare = re.sub(rb"<\?xpacket.*?\?>", b"", packet, flags=re.DOTALL).strip(b"\0 \t\r\n")
    bare = bare.removeprefix(b"\xef\xbb\xbf")
    try:
        document: Document = cast("Any", minidom).parseString(bare)
    except Exception as error:
        raise XmpError("the packet is no XML") from error
    if not _descriptions(document):
        raise XmpError("the packet describes nothing")
    return document


def _descriptions(document: Document) -> list[Element]:
    """Every rdf:Description that stands directly under rdf:RDF."""
    found = list(document.getElementsByTagNameNS(_RDF, "Description"))
    return [each for each in found if cast("Any", each.parentNode).localName == "RDF"]


def _elements(document: Document, space: str, name: str) -> list[Element]:
    """All elements of a name."""
    return list(document.getElementsByTagNameNS(space, name))


def _bearers(document: Document, space: str, name: str) -> Iterator[Element]:
    """All elements that bear a property as an attribute."""
    for element in list(document.getElementsByTagName("*")):
        if element.hasAttributeNS(space, name):
            yield element


def _values(document: Document, space: str, name: str) -> list[str]:
    """All values of a property, written as an attribute, as text, or as a resource."""
    found = [element.getAttributeNS(space, name) for element in _bearers(document, space, name)]
    for element in _elements(document, space, name):
        text = "".join(
            child.data for child in cast("list[Any]", element.childNodes) if child.nodeType == child.TEXT_NODE
        )
        found += [element.getAttributeNS(_RDF, "resource"), text.strip()]
    return [value for value in found if value]


def _correct(document: Document, space: str, name: str, value: str) -> None:
    """Gives a property another value wherever it stands."""
    for element in _bearers(document, space, name):
        element.getAttributeNodeNS(space, name).value = value  # pyright: ignore[reportOptionalMemberAccess]
    for element in _elements(document, space, name):
        while element.firstChild is not None:
            element.removeChild(element.firstChild)
        element.appendChild(document.createTextNode(value))


def _remove(document: Document, space: str, name: str) -> None:
    """Removes a property wherever it stands."""
    for element in _bearers(document, space, name):
        element.removeAttributeNS(space, name)
    for element in _elements(document, space, name):
        cast("Any", element.parentNode).removeChild(element)


def _mark(document: Document, model: str) -> None:
    """Says that the colours are synthetic, and adds this program to the photo's history."""
    home = _descriptions(document)[0]
    _remove(document, _IPTC, "DigitalSourceType")
    _add_text(document, home, (_IPTC, "Iptc4xmpExt:DigitalSourceType"), SYNTHETIC)
    if not _values(document, _XMP, "CreatorTool"):
        _add_text(document, home, (_XMP, "xmp:CreatorTool"), creator(model))
    event = document.createElementNS(_RDF, "rdf:li")
    event.setAttributeNS(_XMLNS, "xmlns:rdf", _RDF)
    event.setAttributeNS(_RDF, "rdf:parseType", "Resource")
    when = datetime.now(timezone.utc).isoformat(timespec="seconds")  # noqa: UP017
    for name, value in (
        ("action", "edited"),
        ("parameters", "coloured"),
        ("softwareAgent", creator(model)),
        ("when", when),
    ):
        _add_text(document, event, (_EVENT, f"stEvt:{name}"), value)
    _history(document, home).appendChild(event)


def _history(document: Document, home: Element) -> Element:
    """The sequence of events, made where there is none."""
    for history in _elements(document, _MM, "History"):
        sequences = list(history.getElementsByTagNameNS(_RDF, "Seq"))
        if sequences:
            return sequences[0]
    _remove(document, _MM, "History")
    history = document.createElementNS(_MM, "xmpMM:History")
    history.setAttributeNS(_XMLNS, "xmlns:xmpMM", _MM)
    sequence = document.createElementNS(_RDF, "rdf:Seq")
    sequence.setAttributeNS(_XMLNS, "xmlns:rdf", _RDF)
    history.appendChild(sequence)
    home.appendChild(history)
    return sequence


def _add_text(document: Document, parent: Element, name: tuple[str, str], value: str) -> None:
    """Adds an element of text. Its name space is declared on it, whatever the packet declares above it."""
    space, qualified = name
    element = document.createElementNS(space, qualified)
    element.setAttributeNS(_XMLNS, f"xmlns:{qualified.split(':')[0]}", space)
    element.appendChild(document.createTextNode(value))
    parent.appendChild(element)
