"""Measures the window: how soon it stands, how long it stalls, what it keeps. A test never asserts a time; this prints.

    python -m tests.desktop.measurements startup
    python -m tests.desktop.measurements stalls --megapixels 50
    python -m tests.desktop.measurements listing --photos 10000
    python -m tests.desktop.measurements leafing --photos 500

Everything happens in a temporary folder, on the offscreen platform unless QT_QPA_PLATFORM says otherwise, with the
bundled model.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

BEAT_MS = 5
SETTLED_S = 120


class Heartbeat:
    """A timer on the thread of the window that notes how late it comes."""

    def __init__(self):
        from PySide6.QtCore import Qt, QTimer

        self.gaps = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self):
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def skip(self):
        """What was done since the last beat was the measuring itself."""
        self._last = time.perf_counter()

    def report(self, what):
        self._timer.stop()
        gaps = sorted(self.gaps)
        over = sum(gap > 0.05 for gap in gaps)
        worst = ", ".join(f"{gap * 1000:.0f}" for gap in gaps[-5:][::-1])
        print(
            f"{what}: {len(gaps)} beats, median {statistics.median(gaps) * 1000:.1f} ms, "
            f"worst {worst} ms, {over} over 50 ms"
        )


def wait_until(app, condition, seconds=SETTLED_S):
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError("It never came to that.")
        app.processEvents()
        time.sleep(0.001)


def rss():
    gc.collect()
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def program(folder):
    """The whole program with folders of its own."""
    for name in ("CONFIG", "STATE", "DATA"):
        os.environ[f"AUTOCHROME_{name}"] = str(folder / name.lower())
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from desktop.app import Application, Autochrome

    app = Application(["autochrome"])
    return app, Autochrome(app)


def noise(width, height, seed=0):
    """A picture that is neither quick nor slow to decode."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(30, 226, (height // 16 + 1, width // 16 + 1), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def startup(arguments):
    """From the start of the process to a window that was painted and takes keys."""
    code = (
        "import sys, time, tempfile; from pathlib import Path; from tests.desktop.measurements import program\n"
        "app, made = program(Path(sys.argv[1]))\n"
        "made.start()\n"
        "made.parts.window.repaint(); app.processEvents()\n"
        "assert 'torch' not in sys.modules\n"
        "print(time.time()); sys.stdout.flush(); import os; os._exit(0)"
    )
    took = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.times):
            begun = time.time()
            done = subprocess.run(
                [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True, cwd=Path.cwd()
            )
            took.append(float(done.stdout.split()[-1]) - begun)
    print(
        "startup: "
        + ", ".join(f"{seconds:.2f}" for seconds in took)
        + " s until the window is painted, no torch loaded"
    )


def stalls(arguments):
    """One large photo opens and is coloured; then its look changes and it is zoomed and panned."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        side = round((arguments.megapixels * 1e6 / 1.5) ** 0.5)
        large, small = folder / "photos" / "large.jpg", folder / "photos" / "small.jpg"
        large.parent.mkdir()
        noise(side * 3 // 2, side).save(large, quality=90)
        noise(600, 400).save(small)
        app, made = program(folder)
        made.start()
        app.processEvents()
        parts = made.parts
        beat = Heartbeat()
        made.opening.open_paths([small])
        wait_until(app, lambda: parts.document.coloring is not None and parts.canvas.settled)
        beat.report("first photo, with the loading of the network")
        beat, begun = Heartbeat(), time.perf_counter()
        made.opening.open_photo(large)
        wait_until(
            app, lambda: parts.document.path == large and parts.document.coloring is not None and parts.canvas.settled
        )
        print(
            f"a photo of {arguments.megapixels} MP was coloured on the screen after {time.perf_counter() - begun:.2f} s"
        )
        beat.report("opening and colouring it")
        beat = Heartbeat()
        from dataclasses import replace

        for step in range(20):
            parts.document.set_look(replace(parts.document.look, saturation=1 + step / 20))
            wait_until(app, lambda: parts.canvas.settled)
        beat.report("twenty looks")
        beat = Heartbeat()
        for _ in range(8):
            parts.canvas.zoom_in()
            wait_until(app, lambda: parts.canvas.settled)
        for _ in range(8):
            parts.canvas.zoom_out()
            wait_until(app, lambda: parts.canvas.settled)
        beat.report("zooming in and out")
        print("all threads ended:", made.stop(60))


def listing(arguments):
    """A folder of many small files is listed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos = folder / "photos"
        photos.mkdir()
        content = folder / "one.jpg"
        noise(160, 120).save(content)
        for number in range(arguments.photos):
            os.link(content, photos / f"scan {number}.jpg")
        app, made = program(folder)
        made.start()
        parts = made.parts
        loaded = parts.engine.warm_up(parts.document.choice.model)
        wait_until(app, loaded.done)
        beat, begun = Heartbeat(), time.perf_counter()
        drawn = []
        parts.library._loader.loaded.connect(drawn.append)
        made.opening.open_paths([photos])
        wait_until(app, lambda: parts.library.photos.rowCount() > 0)
        first = time.perf_counter() - begun
        wait_until(app, lambda: bool(drawn))
        thumbnail = time.perf_counter() - begun
        wait_until(app, lambda: parts.library.photos.total == arguments.photos)
        print(
            f"{arguments.photos} photos: first names after {first:.2f} s, first thumbnail {thumbnail:.2f} s, "
            f"all names {time.perf_counter() - begun:.2f} s"
        )
        end = time.perf_counter() + 3
        wait_until(app, lambda: time.perf_counter() > end)
        beat.report("listing, and three seconds more")
        print("all threads ended:", made.stop(60))


def leafing(arguments):
    """Many photos are opened one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos = folder / "photos"
        photos.mkdir()
        for number in range(20):
            noise(1800, 1200, number).save(photos / f"{number}.jpg")
        app, made = program(folder)
        made.start()
        parts = made.parts
        made.opening.open_paths([photos])
        files = sorted(photos.iterdir())
        beat = Heartbeat()
        for number in range(arguments.photos):
            file = files[number % len(files)]
            made.opening.open_photo(file)
            wait_until(
                app,
                lambda file=file: (
                    parts.document.path == file and parts.document.coloring is not None and parts.canvas.settled
                ),
            )
            if number in (0, 19, 49, 99, 199, 299, 399) or number == arguments.photos - 1:
                print(f"after {number + 1} photos: {rss():.0f} MB, {threading.active_count()} Python threads")
                beat.skip()
        beat.report("leafing")
        print("all threads ended:", made.stop(60))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for work, options in (
        (startup, {"--times": 5}),
        (stalls, {"--megapixels": 50}),
        (listing, {"--photos": 10_000}),
        (leafing, {"--photos": 500}),
    ):
        command = commands.add_parser(work.__name__, help=work.__doc__)
        for option, default in options.items():
            command.add_argument(option, type=int, default=default)
        command.set_defaults(work=work)
    arguments = parser.parse_args()
    arguments.work(arguments)


if __name__ == "__main__":
    main()
