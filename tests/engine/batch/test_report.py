import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch import BatchOptions, Done, Failed, Skipped
from engine.batch.place import Place
from engine.batch.report import write_reports
from engine.batch.report_facts import facts_of
from engine.batch.report_markup import Links, text
from engine.batch.report_page import PAGE
from engine.batch.thumbnails import Thumbnails
from engine.errors import CancelledError
from engine.render import Look
from tests.engine.batch.reading_pages import Page, target

CUT = {"cause": "it is cut off.", "advice": "Use --salvage."}
EMPTY = {"cause": "the file is empty.", "advice": ""}
NASTY = [
    "<script>alert(1)</script>\"'&amp;.jpg",
    "javascript:alert(1).jpg",
    "two\nlines.jpg",
    "#?%20;=@ ~.jpg",
    "exe.\u202egpj.jpg",
    "été-e\u0301-🙂.jpg",
    os.fsdecode(b"\xff\xfe.jpg"),
    "data:text%2Fhtml,x.jpg",
    "\\\\server\\x.jpg",
]


@pytest.fixture
def output(tmp_path):
    (tmp_path / "in-color" / ".autochrome").mkdir(parents=True)
    return tmp_path / "in-color"


def source(output, name):
    return output.with_name("in") / name


def done(output, name, **fields):
    return Done(source=source(output, name), output=output / name, kind="grey", bits=8, pages=1, seconds=1.0, **fields)


def failed(output, name, **fields):
    return Failed(source=source(output, name), **fields)


def test_failures_come_first_by_their_cause_the_most_frequent_first(output):
    outcomes = [
        done(output, "a.jpg"),
        failed(output, "b.jpg", **EMPTY),
        Skipped(source=source(output, "c.jpg"), cause="Autochrome made this picture"),
        failed(output, "d.jpg", **CUT),
        Skipped(source=source(output, "e.jpg"), output=output / "e.jpg", cause="already there"),
        failed(output, "f.jpg", **CUT),
    ]
    table, file = write_reports(output, outcomes)
    assert (table, file) == (output / "report.csv", output / "report.html")
    page = Page(file)
    assert page.headings == [
        *("in-color", "Why photos failed", "Failed: 3"),
        *("2 photos: It is cut off.", "1 photo: The file is empty.", "Left as they are: 1", "Coloured: 2"),
    ]
    names = [name for name in "dfbcae" if f"{name}.jpg" in page.text]
    assert sorted(names, key=lambda name: page.text.index(f"{name}.jpg")) == list("dfbcae")
    assert "2 coloured" in page.text
    assert "3 failed" in page.text
    assert "Use --salvage." in page.text
    assert [cell["scope"] for cell in page.cells] == ["col", "col", "col", "row", "row", "col", "col", "row"]
    assert {link for link in page.links if link.startswith("#")} == {f"#{each}" for each in page.ids}


def test_one_cause_is_one_heading_whatever_its_numbers_are(output):
    causes = [
        *("the file is cut off: 57 % of the picture are missing.", "the file is cut off: nearly whole."),
        *("it has 1,200 megapixels; 400 fit into the memory.", "it has 900 megapixels; 400 fit into the memory."),
        *("/in/2.jpg.autochrome.json: it is damaged.", "/in/3.jpg.autochrome.json: it is damaged."),
        *("the disk says: Input/output error.", "the file is damaged."),
    ]
    outcomes = [
        failed(output, f"{number}.jpg", cause=cause, advice=f"Use {number}.") for number, cause in enumerate(causes)
    ]
    page = Page(write_reports(output, outcomes)[1])
    assert page.headings[3:] == [
        *("2 photos: The file is cut off.", "2 photos: It has … megapixels; … fit into the memory."),
        *("2 photos: It is damaged.", "1 photo: The disk says: Input/output error.", "1 photo: The file is damaged."),
    ]
    for words in ("57 % of the picture are missing. Use 0.", "It has 900 megapixels", "/in/3.jpg.autochrome.json"):
        assert page.text.count(words) == 1


def test_nothing_failed_and_nothing_at_all(output):
    assert Page(write_reports(output, [done(output, "a.jpg")])[1]).headings == ["in-color", "Coloured: 1"]
    assert Page(write_reports(output, [])[1]).headings == ["in-color"]


def test_thumbnails_and_links_lead_to_the_files(output):
    outcomes = [done(output, f"below/{number} é.jpg") for number in range(2)]
    thumbnails, place = Thumbnails(output / ".autochrome"), Place(output, output / ".autochrome")
    grey = np.zeros((4, 6), np.uint8)
    thumbnails.keep(place.key(outcomes[0].source), grey, np.dstack([grey] * 3))
    page = Page(write_reports(output, outcomes, thumbnails)[1])
    (picture,) = page.pictures
    assert picture["alt"] == "Before and after: 0 é.jpg"
    assert picture["loading"] == "lazy"
    assert Path(os.fsdecode(page.target(picture["src"]))) == thumbnails.path(place.key(outcomes[0].source))
    assert "no preview" in page.text
    files = {os.fsdecode(page.target(link)) for link in page.links}
    assert files == {str(path) for each in outcomes for path in (each.source, each.output)}
    assert not any(os.path.isabs(link) for link in page.links)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_harmless(output, name):
    outcomes = [
        done(output, name, notes=(f"read as {name}",)),
        failed(output, name, cause=f"{name} is odd.", advice=name),
        failed(output, f"{name}/{name}", **CUT),
        Skipped(source=source(output, name), cause=name),
    ]
    page = Page(write_reports(output, outcomes, facts=facts_of(BatchOptions(paths=(), sidecars=Path(name)), 1.0))[1])
    assert "script" not in page.tags
    assert "\u202e" not in page.text
    files = {page.target(link) for link in page.links if not link.startswith("#")}
    assert files == {os.fsencode(each) for outcome in outcomes for each in (outcome.source, outcome.output) if each}


def test_pages_forbid_scripts_and_need_nothing_from_elsewhere(output):
    written = write_reports(output, [done(output, "a.jpg")])[1].read_text()
    assert "Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'" in written
    assert "http:" not in written
    assert "https:" not in written
    assert "url(" not in written


path_text = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)


@given(st.lists(path_text, min_size=1, max_size=4), st.lists(path_text, max_size=3))
def test_every_link_leads_back_to_its_file(parts, folders):
    page_folder, file = Path("/a", *folders), Path("/a", *parts)
    link = Links(page_folder, None).to(file)
    assert target(page_folder / "report.html", link) == os.fsencode(file)
    assert not set('<>"&:\n') & set(link)


@given(st.text())
def test_no_text_is_markup(value):
    assert not set('<>"\n\u202e') & set(text(value))


def test_many_photos_make_several_pages_linked_to_each_other(output):
    outcomes = [failed(output, f"{number}.jpg", **CUT) for number in range(PAGE + 5)]
    outcomes += [done(output, f"d{number}.jpg") for number in range(2 * PAGE)]
    outcomes += [failed(output, "x.jpg", **EMPTY)]
    pages = read_all(write_reports(output, outcomes)[1])
    assert len(pages) == 4
    assert "Failed: 306" in pages[0].headings
    assert pages[1].headings[:4] == [
        *("in-color, page 2 of 4", "Failed: 306", f"{PAGE + 5} photos (continued): It is cut off."),
        "1 photo: The file is empty.",
    ]
    assert "Why photos failed" not in pages[1].headings
    linked = [link for link in pages[0].links if link.endswith("#cause-2")]
    assert [pages[0].target(link) for link in linked] == [os.fsencode(pages[1].file)]
    for page in pages:
        others = {page.target(link) for link in page.links if ".html" in link and "#" not in link}
        assert others == {os.fsencode(other.file) for other in pages if other is not page}
    every = {os.fsdecode(page.target(link)) for page in pages for link in page.links}
    assert {str(outcome.source) for outcome in outcomes} <= every


def test_a_shorter_report_takes_the_pages_of_a_longer_one_away(output):
    write_reports(output, [done(output, f"{number}.jpg") for number in range(2 * PAGE + 1)])
    behind = output / ".autochrome" / "report"
    (behind / ".autochrome-123456.part").touch()
    assert sorted(file.name for file in behind.glob("*.html")) == ["2.html", "3.html"]
    write_reports(output, [done(output, f"{number}.jpg") for number in range(PAGE + 1)])
    assert [file.name for file in behind.iterdir()] == ["2.html"]
    write_reports(output, [done(output, "0.jpg")])
    assert list(behind.iterdir()) == []


def test_never_over_what_is_not_ours(output):
    (output / "report.html").write_text("<!doctype html>\nmine")
    (output / "report.csv").mkdir()
    for _ in range(2):
        reports = write_reports(output, [done(output, f"{number}.jpg") for number in range(PAGE + 1)])
        assert reports == (output / ".autochrome" / "report.csv", output / ".autochrome" / "report.html")
        assert (output / "report.html").read_text() == "<!doctype html>\nmine"
        first, second = read_all(reports[1])
        assert second.target("../report.html") == os.fsencode(first.file)


def test_ours_is_replaced_and_nothing_is_left_beside_it(output):
    for name in ("a.jpg", "b.jpg"):
        write_reports(output, [done(output, name)])
    assert "b.jpg" in (output / "report.html").read_text()
    assert sorted(file.name for file in output.iterdir()) == [".autochrome", "report.csv", "report.html"]


def test_what_cannot_be_written_leaves_the_former_one(output, monkeypatch):
    file = write_reports(output, [done(output, "a.jpg")])[1]

    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_reports(output, [done(output, "b.jpg")])
    assert "a.jpg" in file.read_text()
    assert sorted(each.name for each in output.iterdir()) == [".autochrome", "report.csv", "report.html"]


def test_writing_can_be_cut_short_between_pages(output):
    outcomes = [done(output, f"{number}.jpg") for number in range(2 * PAGE + 1)]
    first = write_reports(output, outcomes)[1]
    before, pages = first.read_bytes(), []

    def check():
        pages.append(None)
        if len(pages) == 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        write_reports(output, outcomes[:-1], check=check)
    assert first.read_bytes() == before
    assert not list(output.rglob("*.part"))


def test_a_folder_that_is_gone_is_not_made_up(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_reports(tmp_path / "gone", [])
    assert not (tmp_path / "gone").exists()


def test_facts_say_when_and_with_what(output):
    options = BatchOptions(
        paths=(),
        model="<vivid>",
        luma="exact",
        look=Look(saturation=1.25, temperature=-3, evenness=0.5),
        mark=False,
        salvage=True,
    )
    page = Page(write_reports(output, [], facts=facts_of(options, 4000))[1])
    words = " ".join(page.text.split())
    assert ", after 1 h 7 min." in words
    assert "Model<vivid> Formatthat of each source" in words
    assert "Saturation× 1.25 Temperature-3 Evenness0.5" in words
    assert "Kept of each photoits JPEG luma, bit for bit" in words
    assert "Marked as synthetic coloursno" in words
    assert "what is left of them was coloured" in words


def read_all(first):
    """All pages of a report, by their links."""
    pages = [Page(first)]
    while following := [link for link in pages[-1].links if link.endswith(f"{len(pages) + 1}.html")]:
        pages.append(Page(os.fsdecode(pages[-1].target(following[-1]))))
    return pages
