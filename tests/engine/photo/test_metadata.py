"""What goes with the photo into the coloured file, and what the file says about its colours."""

import io
import struct
from xml.dom import minidom

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image

from engine.photo import SaveOptions, is_marked, read_photo, save_photo
from tests.engine.photo.files import (
    IIM,
    IPTC,
    XMP,
    encoded,
    exif_block,
    jpeg_segments_of,
    png_chunks_of,
    scene,
    with_jpeg_segments,
    with_png_chunks,
)

FORMATS = ["JPEG", "PNG", "TIFF", "WebP"]
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"


@pytest.fixture
def save(tmp_path):
    def save(photo, format_name, *, name="out", **options):
        out = tmp_path / name
        pixels = photo.pixels if photo.pixels.ndim == 3 else np.dstack([photo.pixels] * 3)
        notes = save_photo(out, [pixels], [photo], SaveOptions(format=format_name, **options))
        return out, notes

    return save


def full_jpeg(**exif):
    """A JPEG that carries everything."""
    return with_jpeg_segments(
        encoded(scene(48, 64), "JPEG", dpi=(300, 300)),
        (0xE1, b"Exif\0\0" + exif_block(**exif)),
        (0xE1, XMP_HEADER + XMP),
        (0xED, b"Photoshop 3.0\0" + IPTC),
        (0xFE, b"a comment"),
    )


def test_a_jpeg_keeps_every_byte_of_its_exif_but_what_would_be_untrue(write, save):
    note = bytes(range(200)) + struct.pack("<I", 0xDEADBEEF)
    block = exif_block(6, maker_note=note, thumbnail=encoded(scene(120, 160), "JPEG"), size=(64, 48))
    photo = read_photo(write(with_jpeg_segments(encoded(scene(48, 64), "JPEG"), (0xE1, b"Exif\0\0" + block))))
    out, _ = save(photo, "JPEG")
    saved = next(
        body for marker, body in jpeg_segments_of(out.read_bytes()) if marker == 0xE1 and body.startswith(b"Exif")
    )[6:]
    assert saved.index(note) == block.index(note)
    assert len(saved) == len(block)
    with Image.open(out) as image:
        exif = image.getexif()
        assert exif[274] == 1
        assert exif[315] == "A. Photographer"
        details = exif.get_ifd(34665)
        assert details[0x9003] == "1936:07:04 12:00:00"
        assert (details[0xA002], details[0xA003], details[0xA001]) == (48, 64, 1)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("room", ["large", "small"])
def test_the_thumbnail_is_that_of_the_coloured_picture(write, save, order, room):
    old = encoded(np.zeros((120, 160), np.uint8), "JPEG", quality=95 if room == "large" else 5)
    old += bytes(20_000 if room == "large" else 0)
    content = with_jpeg_segments(
        encoded(scene(480, 640), "JPEG"), (0xE1, b"Exif\0\0" + exif_block(1, order, thumbnail=old))
    )
    out, _ = save(read_photo(write(content)), "JPEG")
    with Image.open(out) as image:
        directory = image.getexif().get_ifd(ExifTags.IFD.IFD1)
        block = next(body for marker, body in jpeg_segments_of(out.read_bytes()) if body.startswith(b"Exif"))[6:]
    thumbnail = np.asarray(Image.open(io.BytesIO(block[directory[513] : directory[513] + directory[514]])))
    step = 640 / thumbnail.shape[1]
    expected = scene(480, 640)[int(step / 2) :: int(step), int(step / 2) :: int(step)][
        : thumbnail.shape[0], : thumbnail.shape[1]
    ]
    assert np.abs(thumbnail.astype(int) - expected).mean() < 12


@pytest.mark.parametrize("format_name", FORMATS)
def test_everything_survives_a_round_trip(write, save, format_name):
    photo = read_photo(write(full_jpeg()))
    out, notes = save(photo, format_name)
    again = read_photo(out).metadata
    if format_name == "JPEG":
        assert notes == ()
    assert b"A. Photographer" in again.exif
    assert b"1936:07:04 12:00:00" in again.exif
    assert "Großmutter, 1936".encode() in again.xmp
    if format_name == "WebP":
        assert again.iptc is None
        assert any("IPTC" in note for note in notes)
    else:
        assert IIM in again.iptc
        assert again.dpi == pytest.approx((300, 300), rel=1e-3)
    if format_name == "JPEG":
        assert again.comment == b"a comment"
    elif format_name == "PNG":
        assert (b"tEXt", b"Comment\0a comment") in again.png_chunks
    else:
        assert any("the comment is left out" in note for note in notes)


@pytest.mark.parametrize("format_name", FORMATS)
def test_tiff_tags_are_carried(write, save, format_name):
    tags = {270: "Grandmother", 306: "1936:07:04 12:00:00", 315: "A. Photographer", 33432: "Nobody", 700: XMP}
    content = encoded(scene(), "TIFF", tiffinfo=tags, dpi=(600, 600))
    out, _ = save(read_photo(write(content)), format_name)
    again = read_photo(out).metadata
    for text in (b"Grandmother", b"1936:07:04 12:00:00", b"A. Photographer", b"Nobody"):
        assert text in again.exif
    assert "Großmutter".encode() in again.xmp
    with Image.open(out) as image:
        assert image.getexif()[33432] == "Nobody"
    if format_name == "TIFF":
        with tifffile.TiffFile(out) as file:
            assert file.pages[0].tags["Artist"].value == "A. Photographer"
            assert file.pages[0].get_resolution("inch") == (600, 600)


def test_gps_goes_from_jpeg_to_tiff_and_back(write, save):
    exif = Image.Exif()
    exif.get_ifd(34853).update({1: "N", 2: (48.0, 8.0, 7.0)})
    exif[315] = "A. Photographer"
    photo = read_photo(write(encoded(scene(), "JPEG", exif=exif)))
    middle, _ = save(photo, "TIFF", name="middle")
    with tifffile.TiffFile(middle) as file:
        assert file.pages[0].tags[34853].value["GPSLatitudeRef"] == "N"
    out, _ = save(read_photo(middle), "JPEG")
    with Image.open(out) as image:
        assert [float(each) for each in image.getexif().get_ifd(34853)[2]] == [48.0, 8.0, 7.0]


def test_a_makers_note_is_not_moved_but_left_out(write, save):
    photo = read_photo(write(full_jpeg(maker_note=b"note" * 20)))
    out, notes = save(photo, "TIFF")
    assert any("maker's note" in note for note in notes)
    assert b"notenote" not in out.read_bytes()


def test_png_texts_and_time_stay(write, save):
    texts = [
        (b"tEXt", b"Title\0Grandmother"),
        (b"iTXt", b"Author\0\0\0de\0\0A. Photographer"),
        (b"tIME", bytes([7, 144, 7, 4, 12, 0, 0])),
    ]
    photo = read_photo(write(with_png_chunks(encoded(scene(), "PNG", dpi=(300, 300)), *texts)))
    out, notes = save(photo, "PNG")
    chunks = png_chunks_of(out.read_bytes())
    assert all(each in chunks for each in texts)
    assert (b"pHYs", struct.pack(">IIB", 11811, 11811, 1)) in chunks
    assert notes == ()
    _, notes = save(photo, "JPEG", name="out.jpg")
    assert notes == ("2 text entries of the PNG are left out: JPEG has no place for them",)


def test_iptc_of_a_tiff_reaches_a_jpeg(write, save):
    content = encoded(scene(), "TIFF", tiffinfo={33723: IIM})
    out, _ = save(read_photo(write(content)), "JPEG")
    resources = next(body for marker, body in jpeg_segments_of(out.read_bytes()) if marker == 0xED)
    assert resources == b"Photoshop 3.0\0" + IPTC


def test_the_grey_thumbnail_of_photoshop_goes(write, save):
    thumbnail = b"8BIM\x04\x0c\0\0" + struct.pack(">I", 8) + bytes(8)
    content = with_jpeg_segments(encoded(scene(), "JPEG"), (0xED, b"Photoshop 3.0\0" + thumbnail + IPTC))
    out, _ = save(read_photo(write(content)), "JPEG")
    assert read_photo(out).metadata.iptc == IPTC


def test_long_iptc_is_split_and_joined(write, save):
    long = b"8BIM\x03\xed\0\0" + struct.pack(">I", 100_000) + bytes(100_000) + IPTC
    parts = [(0xED, b"Photoshop 3.0\0" + long[at : at + 60_000]) for at in range(0, len(long), 60_000)]
    photo = read_photo(write(with_jpeg_segments(encoded(scene(), "JPEG"), *parts)))
    out, _ = save(photo, "JPEG")
    assert read_photo(out).metadata.iptc == long


def test_resources_without_number_are_carried_as_they_are(write, save):
    resources = (b"8BIM" + struct.pack(">H", 0x0BB7) + b"\0\0" + bytes(4)) * 11_000
    content = with_jpeg_segments(
        encoded(scene(), "JPEG"),
        *((0xED, b"Photoshop 3.0\0" + resources[at : at + 60_000]) for at in range(0, len(resources), 60_000)),
    )
    out, _ = save(read_photo(write(content)), "JPEG")
    assert read_photo(out).metadata.iptc == resources


def test_what_is_too_long_for_a_jpeg_is_told(write, save):
    packet = XMP.replace(b"</rdf:Alt>", b"<rdf:li xml:lang='x'>" + b"x" * 70_000 + b"</rdf:li></rdf:Alt>")
    photo = read_photo(
        write(with_png_chunks(encoded(scene(), "PNG"), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)))
    )
    out, notes = save(photo, "JPEG")
    assert "the photo's own XMP data are too long for a JPEG and left out" in notes
    assert is_marked(out)


def packet_of(path):
    return minidom.parseString(read_photo(path).metadata.xmp)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("with_xmp", [False, True])
def test_the_mark(write, save, format_name, with_xmp):
    photo = read_photo(write(full_jpeg() if with_xmp else encoded(scene(), "JPEG")))
    out, _ = save(photo, format_name, model="photo")
    assert is_marked(out)
    packet = packet_of(out)
    kinds = packet.getElementsByTagNameNS("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType")
    assert [kind.firstChild.data for kind in kinds] == [SYNTHETIC]
    agents = packet.getElementsByTagNameNS("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "softwareAgent")
    assert len(agents) == 1
    assert agents[0].firstChild.data.startswith("Autochrome")
    assert agents[0].firstChild.data.endswith("(photo)")
    if with_xmp:
        description = packet.getElementsByTagName("rdf:Description")[0]
        assert description.getAttribute("tiff:Orientation") == "1"
        assert description.getAttribute("xmp:CreatorTool") == "Scanner 3"
    again, _ = save(read_photo(out), format_name, name="again", model="vivid")
    assert (
        len(packet_of(again).getElementsByTagNameNS("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType"))
        == 1
    )
    assert len(packet_of(again).getElementsByTagName("rdf:li")) == 2 + with_xmp


@pytest.mark.parametrize("format_name", FORMATS)
def test_no_mark_where_none_is_wanted(write, save, format_name):
    bare, _ = save(read_photo(write(encoded(scene(), "JPEG"))), format_name, name="bare", mark=False)
    assert not is_marked(bare)
    assert read_photo(bare).metadata.xmp is None
    full, _ = save(read_photo(write(full_jpeg())), format_name, name="full", mark=False)
    assert not is_marked(full)
    assert "Großmutter".encode() in read_photo(full).metadata.xmp


def test_other_programs_composites_are_not_ours(write):
    packet = XMP.replace(
        b"<dc:title>",
        b'<e:DigitalSourceType xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        + SYNTHETIC.encode()
        + b"</e:DigitalSourceType><dc:title>",
    )
    path = write(with_jpeg_segments(encoded(scene(), "JPEG"), (0xE1, XMP_HEADER + packet)))
    assert not is_marked(path)
    named = packet.replace(b"mutter, 1936", b"mutter, an Autochrome of 1936")
    assert not is_marked(write(with_jpeg_segments(encoded(scene(), "JPEG"), (0xE1, XMP_HEADER + named))))


def test_the_mark_is_read_from_the_head_of_a_file_alone(write, save):
    out, _ = save(read_photo(write(encoded(scene(400, 400), "JPEG"))), "JPEG")
    assert is_marked(write(out.read_bytes()[:4000]))


def test_exif_written_by_pillow_is_understood(write, save):
    exif = Image.Exif()
    exif[274], exif[271] = 3, "A camera"
    out, _ = save(read_photo(write(encoded(scene(), "WEBP", exif=exif))), "WebP")
    with Image.open(out) as image:
        assert image.getexif()[271] == "A camera"
        assert image.getexif()[274] == 1


def test_imagemagicks_profiles_in_png_are_understood(write):
    digits = f"\niptc\n{len(IPTC):8d}\n{IPTC.hex()}\n".encode()
    photo = read_photo(write(with_png_chunks(encoded(scene(), "PNG"), (b"tEXt", b"Raw profile type iptc\0" + digits))))
    assert photo.metadata.iptc == IPTC


@pytest.mark.parametrize("empty", [b"II*\0\x08\0\0\0\0\0\0\0\0\0", b"MM\0*\0\0\0\x08\0\0\0\0\0\0"])
def test_an_empty_exif_block_is_no_damage(tmp_path, save, empty):
    source = tmp_path / "empty.jpg"
    Image.fromarray(scene()).save(source, exif=b"Exif\0\0" + empty)
    photo = read_photo(source)
    assert photo.notes == ()
    assert photo.metadata.exif is None
    save(photo, "JPEG")


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_the_photo_brought_along_can_be_left_out(write, save, format_name):
    photo = read_photo(write(full_jpeg(thumbnail=encoded(scene(120, 160), "JPEG"), maker_note=b"notenote")))
    assert photo.metadata.exif
    out, notes = save(photo, format_name, metadata=False)
    content = out.read_bytes()
    told = [b"A. Photographer", b"1936", "Großmutter".encode(), b"a comment", b"notenote", b"Exif\0\0", IIM]
    assert [each for each in told if each in content] == []
    again = read_photo(out).metadata
    assert (again.exif, again.iptc, again.comment) == (None, None, None)
    assert is_marked(out)
    if format_name != "WebP":
        assert again.dpi == pytest.approx((300, 300), rel=1e-3)
        assert notes == ()


def test_without_metadata_and_mark_nothing_is_said(write, save):
    photo = read_photo(write(full_jpeg()))
    for format_name in FORMATS:
        out, _ = save(photo, format_name, name=format_name, metadata=False, mark=False)
        assert not is_marked(out)
        assert read_photo(out).metadata.xmp is None


def test_texts_of_a_png_can_be_left_out(write, save):
    texts = [(b"tEXt", b"Title\0Grandmother"), (b"tIME", bytes([7, 144, 7, 4, 12, 0, 0]))]
    photo = read_photo(write(with_png_chunks(encoded(scene(), "PNG", dpi=(300, 300)), *texts)))
    out, notes = save(photo, "PNG", metadata=False)
    kinds = [kind for kind, _ in png_chunks_of(out.read_bytes())]
    assert not {b"tEXt", b"tIME", b"eXIf"} & set(kinds)
    assert b"pHYs" in kinds
    assert notes == ()
