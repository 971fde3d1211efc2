"""Edits are kept in sidecars: beside the photo where that is possible, and by the program itself where it is not."""

import itertools
import json
import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.edits import NO_EDITS, EditBook, Edits
from desktop.keeping import Keeper
from desktop.kept import private_sidecar, read_kept
from desktop.studio import Choice
from desktop.tasks import Tasks
from engine import Hint, HintPoint, HintSet, Look, SidecarError, read_sidecar, sidecar_path, write_sidecar
from tests.painting import make_photo

VIVID = Edits(Look(saturation=2.0))
SIZE = (120, 80)
HINTS = HintSet(*SIZE, (Hint((HintPoint(10, 20), HintPoint(30, 25, 0.5)), 5, "#7d2a2f"), Hint(((40, 30),), 3, None)))
ALL = Edits(Look(vibrance=0.5, white_balance=True, evenness=0.25), Choice("photo", 2), HINTS)


@pytest.fixture
def writing(qapp):
    made = Tasks("writing", 1)
    yield made
    assert made.stop()


@pytest.fixture
def photo(tmp_path):
    return make_photo(tmp_path / "photos" / "a.jpg", width=SIZE[0], height=SIZE[1])


@pytest.fixture
def start(writing, photo):
    """Starts a session of the program, as far as edits go; several see the same disk."""

    def start(borrowed=lambda path: False):
        book = EditBook()
        return book, Keeper(book, writing, borrowed, book)

    return start


def opened(keeper, photo, size=SIZE):
    """What opening the photo finds of its edits."""
    ticket = keeper.ticket(photo)
    return keeper.take(ticket, read_kept(ticket, size))


def sessions_later(start, photo, edits):
    """The photo's edits after they were made in one session, as the next one finds them."""
    book, keeper = start()
    opened(keeper, photo)
    book.put(photo, edits)
    keeper.flush()
    return opened(start()[1], photo)


@pytest.mark.parametrize("edits", [VIVID, ALL, Edits(choice=Choice("other")), Edits(hints=HINTS)])
def test_what_was_changed_is_there_in_the_next_session(start, photo, edits):
    assert sessions_later(start, photo, edits) == edits
    assert sidecar_path(photo).exists()
    assert not private_sidecar(photo).exists()


def test_it_is_written_a_moment_after_the_change(start, photo, qtbot):
    book, keeper = start()
    opened(keeper, photo)
    book.put(photo, VIVID)
    assert keeper.is_waiting(photo)
    qtbot.waitUntil(lambda: not keeper.is_waiting(photo))
    assert read_sidecar(sidecar_path(photo)).look == VIVID.look


def test_opening_writes_nothing(start, photo):
    sessions_later(start, photo, ALL)
    before = sidecar_path(photo).stat()
    book, keeper = start()
    assert opened(keeper, photo, size=(240, 160)).hints == HINTS.scaled_to(240, 160)
    assert not book.is_unsaved(photo)
    keeper.flush()
    assert sidecar_path(photo).stat() == before


def test_a_change_that_is_taken_back_leaves_no_file(start, photo):
    assert sessions_later(start, photo, ALL) == ALL
    assert sessions_later(start, photo, NO_EDITS) == NO_EDITS
    assert list(photo.parent.iterdir()) == [photo]


def test_what_another_program_wrote_into_it_stays(start, photo):
    fields = {"autochrome": 1, "note": "by hand", "look": {"saturation": 0.5, "sepia": 3}}
    sidecar_path(photo).write_text(json.dumps(fields))
    assert sessions_later(start, photo, VIVID) == VIVID
    written = json.loads(sidecar_path(photo).read_text())
    assert (written["note"], written["look"]["sepia"]) == ("by hand", 3)


def test_a_change_by_another_program_is_seen_when_the_photo_is_opened_again(start, photo):
    book, keeper = start()
    opened(keeper, photo)
    book.put(photo, VIVID)
    keeper.flush()
    fields = {"autochrome": 1, "look": {"saturation": 0.25}}
    sidecar_path(photo).write_text(json.dumps(fields))
    os.utime(sidecar_path(photo), ns=(1, 1))
    assert opened(keeper, photo).look.saturation == 0.25


def test_what_was_read_before_a_change_does_not_undo_it(start, photo):
    book, keeper = start()
    opened(keeper, photo)
    ticket = keeper.ticket(photo)
    early = read_kept(ticket, SIZE)
    book.put(photo, VIVID)
    keeper.flush()
    assert keeper.take(ticket, early) == VIVID
    assert opened(keeper, photo) == VIVID


def test_a_change_before_the_sidecar_was_read_is_laid_over_it(start, photo):
    sessions_later(start, photo, Edits(Look(saturation=0.5), None, HINTS))
    book, keeper = start()
    ticket = keeper.ticket(photo)
    book.put(photo, VIVID)
    assert keeper.take(ticket, read_kept(ticket, SIZE)) == Edits(VIVID.look, None, HINTS)
    keeper.flush()
    assert opened(start()[1], photo) == Edits(VIVID.look, None, HINTS)


def test_a_change_before_the_photo_was_opened_counts(start, photo):
    book, keeper = start()
    book.put(photo, VIVID)
    assert opened(keeper, photo) == VIVID
    assert book.is_unsaved(photo)


def test_a_change_that_is_written_before_the_sidecar_was_read_keeps_what_stands_there(start, photo, qtbot):
    sessions_later(start, photo, Edits(None, None, HINTS))
    book, keeper = start()
    book.put(photo, VIVID)
    with qtbot.waitSignal(keeper.completed):
        keeper.write()
    assert book.of(photo) == Edits(VIVID.look, None, HINTS)
    assert opened(start()[1], photo) == Edits(VIVID.look, None, HINTS)


def test_borrowed_photos_are_kept_by_the_program(start, photo):
    book, keeper = start(lambda path: True)
    opened(keeper, photo)
    book.put(photo, ALL)
    keeper.flush()
    assert not sidecar_path(photo).exists()
    assert opened(start(lambda path: True)[1], photo) == ALL


def told_by(keeper):
    told = []
    keeper.kept_apart.connect(lambda path, problem: told.append((path, str(problem))))
    return told


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[]", b'{"autochrome": 1, "hints": [{}]}'])
def test_a_damaged_sidecar_stays_and_the_program_keeps_the_edits(start, photo, content):
    sidecar_path(photo).write_bytes(content)
    book, keeper = start()
    told = told_by(keeper)
    assert opened(keeper, photo) == NO_EDITS
    assert [path for path, _ in told] == [photo]
    for edits in (VIVID, ALL):
        book.put(photo, edits)
        keeper.flush()
    assert len(told) == 1, "once a photo"
    assert sidecar_path(photo).read_bytes() == content
    assert opened(start()[1], photo) == ALL


def test_a_newer_sidecar_is_read_as_far_as_it_goes_and_its_hints_are_locked(start, photo):
    sessions_later(start, photo, ALL)
    newer = sidecar_path(photo).read_bytes().replace(b'"autochrome": 1', b'"autochrome": 2')
    sidecar_path(photo).write_bytes(newer)
    book, keeper = start()
    ticket = keeper.ticket(photo)
    kept = read_kept(ticket, SIZE)
    assert kept.locked
    assert keeper.take(ticket, kept) == ALL
    book.put(photo, Edits(VIVID.look, ALL.choice, ALL.hints))
    keeper.flush()
    assert sidecar_path(photo).read_bytes() == newer
    again = read_kept(start()[1].ticket(photo), SIZE)
    assert again.locked
    assert again.edits == Edits(VIVID.look, ALL.choice, ALL.hints)


def test_a_damaged_file_of_the_program_itself_is_put_aside(start, photo):
    own = private_sidecar(photo)
    own.parent.mkdir(parents=True)
    own.write_bytes(b"{")
    book, keeper = start(lambda path: True)
    assert opened(keeper, photo) == NO_EDITS
    book.put(photo, VIVID)
    keeper.flush()
    assert opened(start(lambda path: True)[1], photo) == VIVID
    assert own.with_name(f"{own.name}.bad").read_bytes() == b"{"


def test_in_a_folder_that_cannot_be_written_the_program_keeps_the_edits(start, photo, monkeypatch):
    assert sessions_later(start, photo, ALL) == ALL

    def refuse(path, sidecar):
        if path.parent == photo.parent:
            raise SidecarError(path, "it cannot be written: Permission denied.")
        write_sidecar(path, sidecar)

    with monkeypatch.context() as guarded:
        guarded.setattr("desktop.kept.write_sidecar", refuse)
        assert sessions_later(start, photo, VIVID) == VIVID
        assert sessions_later(start, photo, NO_EDITS) == NO_EDITS, "though the file beside the photo is still there"
    assert sessions_later(start, photo, VIVID) == VIVID
    assert not private_sidecar(photo).exists()


def test_a_photo_that_is_not_there_gets_no_file_beside_it(start, photo):
    book, keeper = start()
    opened(keeper, photo)
    book.put(photo, VIVID)
    photo.unlink()
    photo.parent.rmdir()
    keeper.flush()
    assert not photo.parent.exists()
    assert opened(start()[1], photo) == VIVID


def test_what_cannot_be_written_at_all_is_told_once(start, photo, qtbot):
    private_sidecar(photo).parent.parent.mkdir(parents=True, exist_ok=True)
    private_sidecar(photo).parent.write_bytes(b"a file in the place of the folder")
    sidecar_path(photo).write_bytes(b"{")
    book, keeper = start()
    told = []
    keeper.failed.connect(told.append)
    for edits in (VIVID, ALL):
        book.put(photo, edits)
        keeper.flush()
    assert len(told) == 1
    assert book.of(photo) == ALL


def test_whoever_needs_the_files_waits_for_what_is_being_written(start, photo, writing, qtbot):
    book, keeper = start()
    called = []
    keeper.write(then=lambda: called.append("at once"))
    assert called == ["at once"]
    gate = threading.Event()
    writing.run(lambda progress: gate.wait(5))
    book.put(photo, VIVID)
    keeper.write(then=lambda: called.append(sidecar_path(photo).exists()))
    assert len(called) == 1
    gate.set()
    qtbot.waitUntil(lambda: len(called) == 2)
    assert called[1]


def test_photos_that_are_not_open_are_read_in_the_background(start, photo, writing, qtbot, tmp_path):
    sessions_later(start, photo, ALL)
    book, keeper = start()
    book.expect([photo])
    gone = tmp_path / "gone.jpg"
    sidecar_path(gone).write_text('{"autochrome": 1, "hints": [{"points": [[1, 2]], "radius": 1, "color": null}]}')
    keeper.load([gone, photo], writing)
    qtbot.waitUntil(lambda: book.of(photo) == ALL)
    assert book.unsaved() == [photo]


hints = st.builds(
    Hint,
    st.lists(
        st.builds(HintPoint, st.integers(0, 120), st.integers(0, 80), st.sampled_from([1.0, 0.25])), min_size=1
    ).map(tuple),
    st.sampled_from([0.5, 3.0, 40.0]),
    st.sampled_from([None, "#7d2a2f", "#808080"]),
)
edits = st.builds(
    Edits,
    st.none() | st.builds(Look, saturation=st.floats(0, 4), white_balance=st.booleans(), evenness=st.floats(0, 1)),
    st.none() | st.builds(Choice, st.sampled_from(["photo", "vivid"]), st.none() | st.integers(0, 3)),
    st.none() | st.builds(HintSet, st.just(120), st.just(80), st.lists(hints, max_size=4).map(tuple)),
)
numbers = itertools.count()


@settings(deadline=None, max_examples=40)
@given(st.lists(edits, min_size=1, max_size=4))
def test_whatever_was_changed_last_is_what_the_next_session_finds(qapp, tmp_path_factory, states):
    photo = tmp_path_factory.getbasetemp() / f"{next(numbers)}.jpg"
    photo.write_bytes(b"")
    writing = Tasks("writing", 1)
    for edited in states:
        book = EditBook()
        keeper = Keeper(book, writing, lambda path: False)
        opened(keeper, photo)
        book.put(photo, edited)
        keeper.flush()
        assert opened(Keeper(EditBook(), writing, lambda path: False), photo) == edited
    assert writing.stop()
