"""Decoding in processes of their own: the same photos, and what happens when one dies, hangs, lies or is killed."""

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from engine.batch.pages import read_source, reread
from engine.batch.readers import HERE, Allowance, HereReaders, ReaderProcesses
from engine.errors import CancelledError, PhotoError, PhotoTooLargeError, UnreadablePhotoError
from tests.engine.photo.mutations import hostile_pictures, sound_pictures
from tests.painting import FakePainter, make_photo

ROOT = Path(__file__).parents[3]
LIMIT = 4_000_000
ENOUGH = 60
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and process descriptors of Linux")


@contextlib.contextmanager
def processes(*arguments, **options):
    """Readers that are closed in the end."""
    readers = ReaderProcesses(*arguments, **options)
    try:
        yield readers
    finally:
        readers.close()


@pytest.fixture(scope="module")
def real():
    """A reader as a batch has it."""
    with processes() as readers:
        yield readers


@pytest.fixture(scope="module")
def strange():
    """A reader whose decoders do what the photo's name says."""
    with processes(entry="tests.engine.batch.strange_reader") as readers:
        yield readers


def outcome(reader, path, *, salvage=False, pixel_limit=LIMIT):
    """Every page as plain values, or what the error says."""
    try:
        photos = list(reader.pages(path, salvage=salvage, pixel_limit=pixel_limit))
    except PhotoError as error:
        return type(error), error.path, error.cause, error.advice
    return [{field.name: plain(getattr(photo, field.name)) for field in fields(photo)} for photo in photos]


def plain(value):
    return (value.dtype.str, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value


def read(readers, path, **options):
    """The only page of a photo."""
    (photo,) = readers.reader().pages(path, salvage=False, pixel_limit=LIMIT, **options)
    return photo


def wait_for_end(pid):
    """Waits until a process is gone; whether it is."""
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            return bool(select.select([descriptor], [], [], ENOUGH)[0])
        finally:
            os.close(descriptor)
    return True


def test_photos_and_errors_are_the_same_as_in_this_process(real, tmp_path):
    pictures = sound_pictures()
    hostile = hostile_pictures()
    pictures |= {f"bad {name}": hostile[name] for name in ("huge.jpg", "text.png", "loop.tif", "huge.png")}
    pictures |= {"cut.jpg": pictures["baseline.jpg"][:-700], "empty.jpg": b"", "text.jpg": b"Dear all,"}
    for name, content in pictures.items():
        path = tmp_path / name
        path.write_bytes(content)
        for salvage in (False, True):
            assert outcome(real.reader(), path, salvage=salvage) == outcome(HERE, path, salvage=salvage), name
        assert real.reader().is_marked(path) == HERE.is_marked(path)
    assert outcome(real.reader(), tmp_path) == outcome(HERE, tmp_path)
    assert outcome(real.reader(), tmp_path / "not there.png") == outcome(HERE, tmp_path / "not there.png")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are not bytes there")
@pytest.mark.parametrize("name", [b"\xff\n.png", "Großmutter \u202e\U0001f475.png".encode()])
def test_odd_names_arrive(real, tmp_path, name):
    path = make_photo(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))))
    assert outcome(real.reader(), path) == outcome(HERE, path)


def test_a_photo_that_is_too_large_says_so(real, tmp_path):
    path = make_photo(tmp_path / "photo.png", width=200, height=100)
    error = outcome(real.reader(), path, pixel_limit=100)
    assert error == outcome(HERE, path, pixel_limit=100)
    assert error[0] is PhotoTooLargeError


def test_pages_are_read_and_read_again(real, tmp_path):
    path = tmp_path / "pages.tif"
    path.write_bytes(sound_pictures()["pages.tif"])
    pages = read_source(path, FakePainter().prepare, False, LIMIT, real.reader())
    assert len(pages.photos) == 3
    for photo in pages.photos:
        assert (reread(photo, pages.status, False, real.reader()) == reread(photo, pages.status, False)).all()
    with pytest.raises(UnreadablePhotoError, match="no page 4"):
        real.reader().page(path, 3, salvage=False)


def test_pixels_may_be_written_to(real, tmp_path):
    read(real, make_photo(tmp_path / "photo.png")).pixels[0, 0] = 7


def test_each_thread_has_a_process_of_its_own(tmp_path):
    path = make_photo(tmp_path / "photo.png")
    with processes() as readers:
        both = threading.Barrier(2)
        found = []

        def work():
            read(readers, path)
            assert readers.reader() is readers.reader()
            both.wait(ENOUGH)
            found.append(len(readers.process_ids))
            both.wait(ENOUGH)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(ENOUGH)
        assert found == [2, 2]
        assert not HereReaders().reader().is_marked(path)
    assert readers.process_ids == ()
    HereReaders().close()


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("crash", "the program that decodes it crashed on it."),
        ("exit", "the program that decodes it crashed on it."),
        ("lies", "the program that decodes it gave an answer without sense."),
        ("killed", "decoding it was stopped by the system, most likely because memory ran out."),
        ("unexpected", "an unexpected error: AttributeError"),
    ],
)
@linux
def test_a_decoder_that_dies_or_lies_costs_one_photo(strange, tmp_path, name, cause):
    path, good = make_photo(tmp_path / f"{name}.png"), make_photo(tmp_path / "good.png")
    with pytest.raises(UnreadablePhotoError) as caught:
        read(strange, path)
    assert caught.value.path == path
    assert caught.value.cause.startswith(cause)
    assert (read(strange, good).pixels == read(HereReaders(), good).pixels).all()
    assert len(strange.process_ids) == 1


@linux
def test_decoders_have_bounds(strange, tmp_path):
    with pytest.raises(PhotoTooLargeError, match="not enough memory"):
        read(strange, make_photo(tmp_path / "memory.png"))
    with pytest.raises(UnreadablePhotoError, match="OSError"):
        read(strange, make_photo(tmp_path / "write.png"))
    assert (tmp_path / "write.written").stat().st_size == 0


@linux
def test_a_process_that_grew_makes_way(strange, tmp_path):
    path, good = make_photo(tmp_path / "growth.png"), make_photo(tmp_path / "good.png")
    read(strange, path)
    (first,) = strange.process_ids or (0,)
    assert read(strange, good).pixels.shape == (32, 48)
    assert strange.process_ids != (first,)


@linux
def test_what_decoders_print_disturbs_nothing(strange, tmp_path, capfd):
    assert read(strange, make_photo(tmp_path / "print.png")).pixels.shape == (32, 48)
    assert capfd.readouterr() == ("", "")


@linux
def test_no_network_and_no_window_are_loaded(strange, tmp_path):
    with pytest.raises(PhotoError) as caught:
        read(strange, make_photo(tmp_path / "modules.png"))
    modules = set(caught.value.cause.split())
    assert {"imagecodecs", "cv2"} <= modules
    assert not {"torch", "timm", "PySide6", "shiboken6", "multiprocessing"} & modules


@linux
def test_too_much_work_is_ended(tmp_path):
    path = make_photo(tmp_path / "work.jpg")
    allowance = Allowance(seconds=0.5, pixels_a_second=1e9)
    with (
        processes(allowance=allowance, entry="tests.engine.batch.strange_reader") as readers,
        pytest.raises(UnreadablePhotoError, match="longer than 1 s of work"),
    ):
        read(readers, path)


class Stuck:
    """A thread that waits for a decoder that waits."""

    def __init__(self, readers, folder):
        self.readers = readers
        self.path = make_photo(folder / "wait.png")
        os.mkfifo(folder / "wait.fifo")
        self.error = None
        self.thread = threading.Thread(target=self._read)
        self.thread.start()
        self.pipe = open(folder / "wait.fifo", "wb")  # noqa: SIM115 - opens when the decoder has come so far

    def _read(self):
        try:
            read(self.readers, self.path)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    def end(self):
        """What its waiting came to."""
        self.thread.join(ENOUGH)
        self.pipe.close()
        assert not self.thread.is_alive()
        return self.error


@linux
def test_closing_lets_go_who_waits(tmp_path):
    with processes(entry="tests.engine.batch.strange_reader") as readers:
        stuck = Stuck(readers, tmp_path)
        (pid,) = readers.process_ids
        readers.close()
        assert isinstance(stuck.end(), CancelledError)
        assert wait_for_end(pid)
        with pytest.raises(CancelledError):
            read(readers, stuck.path)


@linux
def test_a_decoder_that_waits_is_ended_by_the_clock(tmp_path):
    allowance = Allowance(seconds=0.5, pixels_a_second=1e9, patience=1.0)
    with processes(entry="tests.engine.batch.strange_reader", allowance=allowance) as readers:
        error = Stuck(readers, tmp_path).end()
    assert isinstance(error, UnreadablePhotoError)
    assert error.cause == "decoding it took longer than 1 s."


@linux
def test_a_process_that_died_between_photos_is_replaced(real, tmp_path, monkeypatch):
    path = make_photo(tmp_path / "photo.png")
    read(real, path)
    (pid,) = real.process_ids
    for number in (signal.SIGINT, signal.SIGTERM):  # these are the batch's affair
        os.kill(pid, number)
    read(real, path)
    assert real.process_ids == (pid,)
    os.kill(pid, signal.SIGKILL)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(tmp_path / "no python"))
        with pytest.raises(UnreadablePhotoError, match="could not be started"):
            read(real, path)
        assert not real.reader().is_marked(path)
    assert read(real, path).pixels.shape == (32, 48)
    assert pid not in real.process_ids


@pytest.mark.parametrize("fault", ["frozen", "executable", "entry"])
def test_without_any_process_photos_are_read_here(tmp_path, monkeypatch, capfd, fault):
    path = tmp_path / "pages.tif"
    path.write_bytes(sound_pictures()["pages.tif"])
    if fault == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    elif fault == "executable":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    notes = []
    with processes(notes.append, entry="nosuchmodule" if fault == "entry" else "engine.batch.reader_process") as own:
        assert outcome(own.reader(), path) == outcome(HERE, path)
        assert not own.reader().is_marked(path)
        assert own.reader().page(path, 1, salvage=False).page == 1
        assert own.process_ids == ()
    assert len(notes) == 1
    assert "without the protection of a process of their own" in notes[0]
    assert ("nosuchmodule" in capfd.readouterr().err) == (fault == "entry")


SCRIPT = """
import sys
from pathlib import Path
from engine.batch.readers import ReaderProcesses
print("once", flush=True)
readers = ReaderProcesses({options})
if {stuck}:
    import threading
    threading.Thread(target=lambda: list(readers.reader().pages(Path(sys.argv[1]), salvage=False, pixel_limit=None)),
        daemon=True).start()
    open(Path(sys.argv[1]).with_suffix(".fifo"), "wb")
else:
    list(readers.reader().pages(Path(sys.argv[1]), salvage=False, pixel_limit=None))
print(*readers.process_ids, flush=True)
sys.stdin.read()
"""


@linux
@pytest.mark.parametrize("stuck", [False, True])
def test_a_script_without_a_guard_is_not_run_again_and_takes_its_process_along(tmp_path, stuck):
    """The folder it is in holds modules that nobody should load."""
    path, script = make_photo(tmp_path / "wait.png"), tmp_path / "scripts" / "script.py"
    script.parent.mkdir()
    options = "entry='tests.engine.batch.strange_reader'" if stuck else ""
    script.write_text(SCRIPT.format(options=options, stuck=stuck))
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong one')")
    os.mkfifo(tmp_path / "wait.fifo")
    with subprocess.Popen(
        [sys.executable, "-P", script, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout.readline() == b"once\n"
        pid = int(parent.stdout.readline())
        parent.kill()
        assert wait_for_end(pid)
        assert parent.stdout.read() == b""


class Canary:
    """Sings when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("canary",)


POISONED = """
import os
def main():
    ready = b'{{"ready": true, "blobs": []}}'
    os.write(1, len(ready).to_bytes(4, "big") + ready)
    os.read(0, 1)
    os.write(1, ({size}).to_bytes(4, "big") + {bomb})
    while os.read(0, 1000):
        pass
"""


@linux
def test_nothing_is_unpickled(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    bomb = pickle.dumps(Canary())
    (tmp_path / "poisoned.py").write_text(POISONED.format(size=len(bomb), bomb=bomb))
    monkeypatch.syspath_prepend(tmp_path)
    with processes(entry="poisoned") as readers, pytest.raises(UnreadablePhotoError, match="without sense"):
        read(readers, make_photo(tmp_path / "photo.png"))
    assert not (tmp_path / "canary").exists()
    assert capfd.readouterr().err == ""
