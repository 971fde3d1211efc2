"""Goes on where the tests end: mutated pictures through a reading process until the time is up.

`python -m tests.engine.photo.fuzzing --minutes 60 --first 1000 --keep found` runs the mutations of the tests with ever
new seeds, and keeps each file that made the process crash, run out of time or answer nonsense.
`python -m tests.engine.photo.fuzzing --atheris --minutes 60 --keep found` lets atheris look for new ways through our
own code (`pip install atheris`; it decodes in this process, which ends with what it finds).
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.engine.photo.mutations import PIXEL_LIMIT, hostile_pictures, mutated, sound_pictures

FAULTS = ("crashed", "longer than", "stopped by the system", "without sense", "unexpected error")
SECONDS = 10


def main(arguments=None):
    """Runs; 1 if something was found."""
    parser = argparse.ArgumentParser(prog="fuzzing", description="Mutated pictures until the time is up.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--first", type=int, default=1000, help="the first seed")
    parser.add_argument("--keep", type=Path, default=Path("fuzzing"), help="where to put what was found")
    parser.add_argument("--atheris", action="store_true", help="let atheris mutate, guided by what our code does")
    chosen = parser.parse_args(arguments)
    chosen.keep.mkdir(parents=True, exist_ok=True)
    if chosen.atheris:
        return with_atheris(chosen.keep, chosen.minutes)
    return with_seeds(chosen.keep, chosen.minutes, chosen.first)


def with_seeds(keep, minutes, first):
    """The mutations of the tests, of sound and of hostile pictures."""
    from engine.batch.readers import Allowance, ReaderProcesses

    begun, seed, causes = time.monotonic(), first, Counter()
    pictures = list(
        (sound_pictures() | {f"bad {name}": content for name, content in hostile_pictures().items()}).items()
    )
    readers = ReaderProcesses(allowance=Allowance(seconds=SECONDS, pixels_a_second=1e12))
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() - begun < 60 * minutes:
            name, content = pictures[seed % len(pictures)]
            path = Path(folder) / f"{seed}{Path(name).suffix}"
            path.write_bytes(mutated(content, seed))
            cause = outcome(readers.reader(), path, salvage=seed % 3 == 0)
            causes[cause] += 1
            if any(fault in cause for fault in FAULTS):
                found += 1
                path.replace(keep / path.name)
                say(f"{path.name} (of {name}): {cause}")
            path.unlink(missing_ok=True)
            seed += 1
    readers.close()
    for cause, count in causes.most_common():
        say(f"{count:8}  {cause}")
    say(f"Seeds {first} to {seed - 1}: {found} found, kept in {keep}.")
    return int(found > 0)


def outcome(reader, path, *, salvage):
    """What became of a file, without what differs from one to the next."""
    from engine.errors import PhotoError, UnreadablePhotoError

    try:
        pages = list(reader.pages(path, salvage=salvage, pixel_limit=PIXEL_LIMIT))
    except UnreadablePhotoError as error:
        return error.cause
    except PhotoError as error:
        return type(error).__name__
    return f"{len(pages)} page{'s' * (len(pages) != 1)}"


def with_atheris(keep, minutes):
    """Mutations that are led by the coverage of our code; never returns."""
    import atheris

    with atheris.instrument_imports(include=["engine.photo"]):
        from engine.errors import PhotoError
        from engine.photo import load_decoders, read_pages
    load_decoders()
    with tempfile.TemporaryDirectory() as folder:
        corpus, path = Path(folder) / "corpus", Path(folder) / "photo.bin"
        corpus.mkdir()
        for name, content in (sound_pictures() | hostile_pictures()).items():
            (corpus / name).write_bytes(content)

        def test_one(content):
            path.write_bytes(content)
            try:
                for _ in read_pages(path, pixel_limit=PIXEL_LIMIT):
                    pass
            except PhotoError:
                pass

        limits = [f"-max_total_time={round(60 * minutes)}", f"-timeout={SECONDS}", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix={keep}/", *limits], test_one)
        atheris.Fuzz()


def say(text):
    """Tells the person at the terminal."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
