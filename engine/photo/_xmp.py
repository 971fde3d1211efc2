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
    from collections.abc import Iterator, Mapping
    from xml.dom.minidom import Document, Element

SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a picture made of a photo and of what a trained model added."""

XMP_LEFT_OUT = "the XMP data are damaged or too long, and left out"
"""What is noted of a packet that cannot be read."""

_PROGRAM = "Autochrome"
_COLOURED = "coloured"
_FORMER = re.compile(r"; source type (\S+)")
_EXACT = re.compile(r"; luma exact; sha256 ([0-9a-f]{64})")
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
_MOST_TAGS = 250_000
"""Elements and attributes; Photoshop's longest lists of ancestors have some ten thousand."""
_DEEPEST = 100
"""Python's own XML recurses: what is much deeper could be read and then not be written."""

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


def renewed(
    packet: bytes | None,
    *,
    width: int,
    height: int,
    mark: bool,
    model: str,
    orientation: int = 1,
    luma: str = "",
) -> bytes | None:
    """A packet made true again for the coloured picture.

    Args:
        packet: The photo's packet; None where it has none.
        width: Width of the picture in the file.
        height: Its height.
        mark: Whether to say that the colours are synthetic.
        model: The id of the model that made them.
        orientation: How the picture in the file is to be turned, 1–8; 1 is upright.
        luma: The digest of the photo's luma, where the mark is to say that it was kept exactly.

    Returns:
        The packet with its wrapper; None if there is neither a packet nor a mark.

    Raises:
        XmpError: If the packet cannot be read.
    """
    if packet is None and not mark:
        return None
    document = _parse(packet or _EMPTY.encode())
    true = {
        (_TIFF, "Orientation"): str(orientation),
        (_EXIF, "PixelXDimension"): str(width),
        (_EXIF, "PixelYDimension"): str(height),
    }
    true |= {(_TIFF, "ImageWidth"): str(width), (_TIFF, "ImageLength"): str(height), (_EXIF, "ColorSpace"): "1"}
    _correct(document, true)
    _remove(document, _XMP, "Thumbnails")
    # The part that this points to is a JPEG's own way of storing long packets, and does not come along.
    _remove(document, _NOTE, "HasExtendedXMP")
    if mark:
        _mark(document, model, f"{_COLOURED}; luma exact; sha256 {luma}" if luma else _COLOURED)
    return _packet(document)


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
    return SYNTHETIC in kinds and any(_is_us(maker) for maker in makers)


def exact_lumas(packet: bytes | None) -> tuple[str, ...]:
    """The digests of the lumas of which a packet with this program's mark says that they were kept exactly."""
    if packet is None or not is_ours(packet):
        return ()
    told = [text for event in _our_events(_parse(packet)) for text in _said(event, "parameters")]
    return tuple(digest for text in told for digest in _EXACT.findall(text))


def unmarked(packet: bytes) -> bytes | None:
    """A packet without this program's mark; None where nothing else was in it.

    Raises:
        XmpError: If the packet cannot be read.
    """
    document = _parse(packet)
    if SYNTHETIC in _values(document, _IPTC, "DigitalSourceType"):
        _remove(document, _IPTC, "DigitalSourceType")
        told = [text for event in _our_events(document) for text in _said(event, "parameters")]
        for former in [kind for text in told for kind in _FORMER.findall(text)][-1:]:
            _add_text(document, _descriptions(document)[0], (_IPTC, "Iptc4xmpExt:DigitalSourceType"), former)
    if any(_is_us(maker) for maker in _values(document, _XMP, "CreatorTool")):
        _remove(document, _XMP, "CreatorTool")
    for event in _our_events(document):
        cast("Any", event.parentNode).removeChild(event)
    for history in _elements(document, _MM, "History"):
        if not history.getElementsByTagNameNS(_RDF, "li"):
            cast("Any", history.parentNode).removeChild(history)
    return _packet(document) if any(_says_something(each) for each in _descriptions(document)) else None


def _is_us(maker: str) -> bool:
    """Whether a maker's name is this program's."""
    return maker.split(" ")[0] == _PROGRAM


def _our_events(document: Document) -> list[Element]:
    """What a packet's history tells of this program's colouring."""
    events = [
        event for history in _elements(document, _MM, "History") for event in history.getElementsByTagNameNS(_RDF, "li")
    ]
    return [
        event
        for event in events
        if any(_is_us(agent) for agent in _said(event, "softwareAgent"))
        and any(text.startswith(_COLOURED) for text in _said(event, "parameters"))
    ]


def _said(event: Element, name: str) -> list[str]:
    """What an event of the history says under a name, however it is written."""
    attributes = [each.getAttributeNS(_EVENT, name) for each in (event, *event.getElementsByTagName("*"))]
    texts = [_text(each) for each in event.getElementsByTagNameNS(_EVENT, name)]
    return [value for value in (*attributes, *texts) if value]


def _says_something(description: Element) -> bool:
    """Whether a description holds any property."""
    attributes = cast("Any", description.attributes)
    names = [attributes.item(number).name for number in range(attributes.length)]
    stated = [name for name in names if not name.startswith("xmlns") and name not in ("about", "rdf:about")]
    return bool(stated) or any(node.nodeType == node.ELEMENT_NODE for node in cast("Any", description.childNodes))


def _packet(document: Document) -> bytes:
    """A document as a packet with its wrapper."""
    text = cast("Element", document.documentElement).toxml()
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{text}<?xpacket end="w"?>'.encode()


def _parse(packet: bytes) -> Document:
    """The packet as a document that keeps its prefixes, order and comments."""
    if len(packet) > _LONGEST_PACKET or max(packet.count(b"<"), packet.count(b"=")) > _MOST_TAGS:
        raise XmpError("the packet is too long")
    # Padding behind the wrapper, and zero bytes behind that, are common and are no XML.
    bare = re.sub(rb"<\?xpacket[^<>]*\?>", b"", packet).strip(b"\0 \t\r\n")
    bare = bare.removeprefix(b"\xef\xbb\xbf")
    try:
        document: Document = cast("Any", minidom).parseString(bare)
    except Exception as error:
        raise XmpError("the packet is no XML") from error
    if _is_deep(document) or not _descriptions(document):
        raise XmpError("the packet describes nothing")
    return document


def _is_deep(document: Document) -> bool:
    """Whether elements stand in one another deeper than XMP ever has them."""
    level = cast("list[Any]", document.childNodes)
    for _ in range(_DEEPEST):
        level = [child for node in level for child in node.childNodes]
    return bool(level)


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
        found += [element.getAttributeNS(_RDF, "resource"), _text(element)]
    return [value for value in found if value]


def _text(element: Element) -> str:
    """The text that stands directly in an element."""
    children = cast("list[Any]", element.childNodes)
    return "".join(child.data for child in children if child.nodeType == child.TEXT_NODE).strip()


def _correct(document: Document, true: Mapping[tuple[str, str], str]) -> None:
    """Gives properties other values wherever they stand, in one walk: editors leave packets of a hundred thousand."""
    for element in list(document.getElementsByTagName("*")):
        for (space, name), value in true.items():
            stated = element.getAttributeNodeNS(space, name)
            if stated is not None:
                stated.value = value
        told = true.get((element.namespaceURI or "", element.localName or ""))
        if told is not None:
            while element.firstChild is not None:
                element.removeChild(element.firstChild)
            element.appendChild(document.createTextNode(told))


def _remove(document: Document, space: str, name: str) -> None:
    """Removes a property wherever it stands."""
    for element in _bearers(document, space, name):
        element.removeAttributeNS(space, name)
    for element in _elements(document, space, name):
        cast("Any", element.parentNode).removeChild(element)


def _mark(document: Document, model: str, done: str) -> None:
    """Says that the colours are synthetic, and adds this program, and what it has done, to the photo's history."""
    home = _descriptions(document)[0]
    # What the photo itself was made of (a print, a negative) is told in the history from now on.
    former = [kind for kind in _values(document, _IPTC, "DigitalSourceType") if kind != SYNTHETIC and " " not in kind]
    done = "; source type ".join([done, *former[:1]])
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
        ("parameters", done),
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
