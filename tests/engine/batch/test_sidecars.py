"""Sidecars in a batch: used for their own photo, told, redone when they change, and never silently passed over."""

import csv
import json
import shutil

import numpy as np
import pytest
import tifffile

from engine.batch import BatchJob, BatchOptions, save_beside
from engine.batch.scan import scan
from engine.batch.sidecars import Recipes, digest_of
from engine.colorist import Colorist
from engine.errors import EngineError, UnknownModelError
from engine.models.store import find_model
from engine.photo import SaveOptions, read_pages
from engine.render import Colors, Look, render
from engine.sidecar import Sidecar, sidecar_path, write_sidecar
from tests.engine.hints.painting_hints import dab
from tests.painting import FakePainter, contents, files_below, is_coloured, job, make_photo, of, pixels, run
from tests.training.making import install

BLUE = "#2040c0"
HINTED = Sidecar(48, 32, hints=(dab(10, 10, color=BLUE), dab(30, 20, color=BLUE)))


@pytest.fixture
def photos(tmp_path):
    """A folder of four photos."""
    folder = tmp_path / "photos"
    for number in range(3):
        make_photo(folder / f"{number}.jpg", seed=number)
    make_photo(folder / "below" / "x.png")
    return folder


def output_of(photos, name):
    return photos.with_name("photos-color") / name


def is_blue(path):
    return not is_coloured(path) and bool((pixels(path)[..., 2].astype(int) - pixels(path)[..., 0]).mean() > 10)


def done(events):
    return {event.source.name: event for event in of(events, "done")}


def test_hints_shape_their_own_photo_and_the_others_go_together(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    painter = FakePainter()
    summary, events = run(photos, painter=painter)
    assert (summary.done, summary.hinted) == (4, 1)
    assert is_blue(output_of(photos, "1.jpg"))
    assert is_coloured(output_of(photos, "0.jpg"))
    assert is_coloured(output_of(photos, "below/x.png"))
    assert sum(painter.batches) == 3
    ((palette, spots),) = painter.decoded
    assert palette is None
    np.testing.assert_allclose(spots[:, :2], [[10 / 48, 10 / 32], [30 / 48, 20 / 32]], rtol=1e-5)
    assert {name: event.hints for name, event in done(events).items()} == {
        "0.jpg": 0,
        "1.jpg": 2,
        "2.jpg": 0,
        "x.png": 0,
    }
    assert done(events)["1.jpg"].notes == ("by its sidecar: 2 hints",)


def test_report_json_and_summary_say_how_many_had_hints(photos):
    write_sidecar(sidecar_path(photos / "below" / "x.png"), HINTED)
    summary, events = run(photos)
    with open(output_of(photos, "report.csv"), encoding="utf-8-sig", newline="") as file:
        rows = {row["source"].rpartition("photos/")[2]: row for row in csv.DictReader(file)}
    assert (rows["below/x.png"]["hints"], rows["0.jpg"]["hints"]) == ("2", "")
    assert "2 hints" in rows["below/x.png"]["notes"]
    assert json.loads(done(events)["x.png"].to_json())["hints"] == 2
    assert json.loads(summary.to_json())["hinted"] == 1
    summary, events = run(photos)
    assert summary.hinted == 0
    assert {event.source.name: event.hints for event in of(events, "skipped")}["x.png"] == 2


def test_a_report_of_an_earlier_version_is_replaced(photos):
    output_of(photos, "").mkdir()
    former = output_of(photos, "report.csv")
    former.write_text("source,output,state,cause,advice,kind,bits,pages,notes,seconds\r\n", encoding="utf-8-sig")
    assert run(photos)[0].reports[0] == former


def test_a_sidecar_that_comes_changes_or_goes_redoes_its_photo_alone(photos):
    run(photos)
    file = sidecar_path(photos / "1.jpg")
    for content in (HINTED, Sidecar(48, 32, hints=HINTED.hints[:1]), Sidecar(look=Look(saturation=0.3)), Sidecar()):
        write_sidecar(file, content)
        summary, events = run(photos)
        assert (summary.done, summary.skipped) == (1, 3)
        assert of(events, "done")[0].output == output_of(photos, "1.jpg")
        assert run(photos)[0].skipped == 4
    assert files_below(photos.with_name("photos-color")) == ["0.jpg", "1.jpg", "2.jpg", "below/x.png", "report.csv"]


def test_what_is_unknown_or_says_nothing_new_redoes_nothing(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    run(photos)
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(48, 32, hints=HINTED.hints, unknown={"by": "Ada"}))
    write_sidecar(sidecar_path(photos / "2.jpg"), Sidecar(model="photo", unknown={"by": "Ada"}))
    write_sidecar(sidecar_path(photos / "0.jpg"), Sidecar(unknown={"by": "Ada"}))
    assert run(photos)[0].skipped == 4


def test_the_look_of_a_sidecar_wins(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(look=Look(saturation=0)))
    painter = FakePainter()
    _, events = run(photos, painter=painter, look=Look(saturation=1.5))
    grey = pixels(output_of(photos, "1.jpg")).astype(int)
    assert abs(grey[..., 0] - grey[..., 2]).max() <= 2
    assert is_coloured(output_of(photos, "0.jpg"))
    assert (sum(painter.batches), painter.decoded) == (4, [])
    assert done(events)["1.jpg"].notes == ("by its sidecar: look",)


def models(*installed):
    """A painter for each model, as a job takes them; the painters that were loaded."""
    loaded = {}

    def load(model, device):
        return loaded.setdefault(model, FakePainter())

    def hash_of(model):
        if model not in installed:
            raise UnknownModelError(f"There is no model {model}.")
        return model * 4

    return load, hash_of, loaded


def test_the_model_and_variant_of_a_sidecar_win(photos):
    load, hash_of, loaded = models("photo", "vivid")
    write_sidecar(sidecar_path(photos / "0.jpg"), Sidecar(model="vivid"))
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(model="vivid", variant=1))
    write_sidecar(sidecar_path(photos / "2.jpg"), Sidecar(model="photo", variant=0))
    events = []
    BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=hash_of).run(listener=events.append)
    assert {name: (sum(painter.batches), painter.decoded) for name, painter in loaded.items()} == {
        "photo": (1, [(2, None)]),  # the likeliest of its palettes 2, 0, 1
        "vivid": (1, [(0, None)]),  # the second
    }
    assert done(events)["1.jpg"].notes == ('by its sidecar: model "vivid", variant 1',)
    summary = BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=hash_of).run()
    assert summary.skipped == 4


def test_a_model_that_is_not_installed_is_noted(photos):
    load, hash_of, loaded = models("photo")
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(48, 32, model="gone", variant=1, hints=HINTED.hints))
    events = []
    BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=hash_of).run(listener=events.append)
    assert list(loaded) == ["photo"]
    assert is_blue(output_of(photos, "1.jpg"))
    said, missing = done(events)["1.jpg"].notes
    assert said == "by its sidecar: 2 hints"
    assert '"gone" of its sidecar is not installed; it was coloured with "photo"' in missing
    # When it is installed, the photo is coloured again.
    load, hash_of, _ = models("photo", "gone")
    assert BatchJob(BatchOptions(paths=(photos,)), load=load, hash_of=hash_of).run().done == 1


def test_a_variant_that_the_model_does_not_have_is_noted(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(model="photo", variant=50))
    _, events = run(photos)
    assert 'the model "photo" has no variant 50' in done(events)["1.jpg"].notes[1]


def test_another_model_comes_with_its_own_saturation(photos):
    install(name="strong", saturation=1.8)
    load, hash_of, _ = models("photo", "strong")
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(model="strong"))
    usual = find_model("photo").card.saturation

    def mean_chroma(**options):
        BatchJob(BatchOptions(paths=(photos,), restart=True, **options), load=load, hash_of=hash_of).run()
        picture = pixels(output_of(photos, "1.jpg")).astype(int)
        return abs(picture[..., 0] - picture[..., 2]).mean()

    own = mean_chroma(look=Look(saturation=usual))
    asked = mean_chroma(look=Look(saturation=0.2))
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(model="strong", look=Look(saturation=1.8)))
    assert own == pytest.approx(mean_chroma(look=Look(saturation=usual)), rel=0.01)
    assert asked < own / 3


def test_another_model_comes_with_its_own_evenness(photos):
    install(name="strong", saturation=1.0, evenness=0.75)
    _, hash_of, _ = models("photo", "strong")
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(model="strong"))
    (found,) = [each for each in scan((photos,)) if each.path.name == "1.jpg"]
    for asked, used in ((0.0, 0.75), (0.5, 0.5)):
        recipes = Recipes(BatchOptions(paths=(photos,), look=Look(evenness=asked)), hash_of)
        assert recipes.of(found).look.evenness == used


def test_sidecars_that_earlier_versions_knew_still_count():
    """These stand in journals on people's disks, behind what was saved by hand."""
    assert digest_of(Sidecar(look=Look(saturation=1.2))) == "0e75521a28c5d683"
    assert digest_of(Sidecar(look=Look(saturation=1.2, evenness=0.5))) != "0e75521a28c5d683"


@pytest.mark.parametrize(
    ("content", "why"), [("{", "it is damaged"), ('{"autochrome": 2, "hints": []}', "newer version")]
)
def test_a_sidecar_that_cannot_be_used_fails_its_photo_by_name(photos, content, why):
    file = sidecar_path(photos / "1.jpg")
    file.write_text(content)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    (failed,) = of(events, "failed")
    assert failed.source == photos / "1.jpg"
    assert str(file) in failed.cause
    assert why in failed.cause
    assert failed.advice
    assert not output_of(photos, "1.jpg").exists()
    assert file.read_text() == content
    assert run(photos, use_sidecars=False)[0].done == 1


def test_what_is_there_stays_when_a_sidecar_becomes_damaged(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    run(photos)
    before = output_of(photos, "1.jpg").read_bytes()
    good = sidecar_path(photos / "1.jpg").read_bytes()
    sidecar_path(photos / "1.jpg").write_bytes(good[:-5])
    assert run(photos)[0].failed == 1
    assert output_of(photos, "1.jpg").read_bytes() == before
    sidecar_path(photos / "1.jpg").write_bytes(good)
    assert run(photos)[0].skipped == 4


def test_a_sidecar_that_is_damaged_while_the_batch_runs_fails_its_photo(photos):
    class Meanwhile(FakePainter):
        def prepare(self, pixels):
            sidecar_path(photos / "2.jpg").write_text("{")
            return super().prepare(pixels)

    write_sidecar(sidecar_path(photos / "2.jpg"), HINTED)
    summary, events = run(photos, painter=Meanwhile(), jobs=1)
    assert (summary.done, summary.failed) == (3, 1)
    assert str(sidecar_path(photos / "2.jpg")) in of(events, "failed")[0].cause


def test_a_sidecar_that_goes_while_the_batch_runs_fails_its_photo(photos):
    """Its disk may be away, and colours without its hints are not what was asked for."""

    class Meanwhile(FakePainter):
        def prepare(self, pixels):
            sidecar_path(photos / "2.jpg").unlink(missing_ok=True)
            return super().prepare(pixels)

    write_sidecar(sidecar_path(photos / "2.jpg"), HINTED)
    summary, events = run(photos, painter=Meanwhile(), jobs=1)
    assert (summary.done, summary.failed) == (3, 1)
    assert "removed" in of(events, "failed")[0].cause
    assert run(photos)[0].done == 1


def test_sidecars_are_left_aside_when_asked(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    summary, _ = run(photos, use_sidecars=False)
    assert (summary.done, summary.hinted) == (4, 0)
    assert is_coloured(output_of(photos, "1.jpg"))


def test_sidecars_are_found_in_a_folder_that_mirrors_the_photos(photos, tmp_path):
    kept = tmp_path / "kept"
    write_sidecar(sidecar_path(photos / "below" / "x.png", kept / "below"), HINTED)
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)  # does not count
    _, events = run(photos, sidecars=kept)
    assert {name: event.hints for name, event in done(events).items() if event.hints} == {"x.png": 2}


def test_a_folder_of_sidecars_keeps_several_folders_and_photos_apart(photos, tmp_path):
    other = make_photo(tmp_path / "other" / "0.jpg").parent
    single = make_photo(tmp_path / "single.jpg")
    kept = tmp_path / "kept"
    for photo, folder in (("0.jpg", "other"), ("x.png", "photos/below"), ("single.jpg", ".")):
        write_sidecar(sidecar_path(single.with_name(photo), kept / folder), HINTED)
    _, events = run(photos, other, single, sidecars=kept, output=tmp_path / "out")
    hinted = {event.source for event in of(events, "done") if event.hints}
    assert hinted == {other / "0.jpg", photos / "below" / "x.png", single}


def test_a_folder_of_sidecars_that_is_not_there_is_refused(photos, tmp_path):
    with pytest.raises(EngineError, match="--sidecars"):
        run(photos, sidecars=tmp_path / "kpet")
    with pytest.raises(EngineError, match="ignored"):
        BatchOptions(paths=(photos,), sidecars=tmp_path, use_sidecars=False)


def test_sidecars_are_never_taken_for_photos(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    summary, events = run(*sorted(photos.glob("*.*")))
    assert (summary.done, summary.failed, summary.skipped) == (3, 0, 1)
    assert of(events, "skipped")[0].source == sidecar_path(photos / "1.jpg")
    assert "hints" in of(events, "skipped")[0].cause
    assert not is_coloured(photos / "1-color.jpg")


def test_a_dry_run_tells_of_hints_and_of_what_would_fail(photos):
    write_sidecar(sidecar_path(photos / "1.jpg"), HINTED)
    sidecar_path(photos / "2.jpg").write_text("{")
    before = contents(photos)
    events = []
    summary = job(photos).dry_run(listener=events.append)
    assert {event.source.name: event.hints for event in of(events, "planned")} == {"0.jpg": 0, "1.jpg": 2, "x.png": 0}
    assert summary.failed == 1
    assert contents(photos) == before


def test_hints_are_scaled_to_a_rescan(photos):
    hints = tuple(hint.scaled(10, 10) for hint in HINTED.hints)
    write_sidecar(sidecar_path(photos / "1.jpg"), Sidecar(480, 320, hints=hints))
    painter = FakePainter()
    run(photos, painter=painter)
    np.testing.assert_allclose(painter.decoded[0][1], HINTED.hint_set(48, 32).spots(32, 32), rtol=1e-4)


def test_hints_are_those_of_the_first_page(tmp_path):
    page = (np.arange(48 * 32) % 200).astype(np.uint8).reshape(32, 48)
    photo = tmp_path / "in" / "x.tif"
    photo.parent.mkdir()
    tifffile.imwrite(photo, np.stack([page, page + 20]), photometric="minisblack")
    write_sidecar(sidecar_path(photo), HINTED)
    painter = FakePainter()
    _, events = run(tmp_path / "in", painter=painter)
    assert [spots is not None for _, spots in painter.decoded] == [True, False]
    assert "its hints were used for the first page" in of(events, "done")[0].notes


def save_by_hand(photo, **more):
    pages = list(read_pages(photo))
    small = np.broadcast_to(np.float32([-40.0, 20.0]), (8, 8, 2)).copy()
    colors = Colors(small, np.full((32, 32), 50, np.float32))
    return save_beside([render(page.pixels, colors) for page in pages], pages, SaveOptions(format="same"), **more)


def test_what_was_saved_by_hand_is_left_alone_until_its_sidecar_asks_for_something_else(tmp_path):
    photo = make_photo(tmp_path / "x.jpg")
    write_sidecar(sidecar_path(photo), HINTED)
    saved = save_by_hand(photo, sidecar=HINTED)
    before = saved.path.read_bytes()
    for options in ({}, {"quality": 50}, {"look": Look(saturation=2)}, {"use_sidecars": False}):
        summary, events = run(photo, **options)
        assert (summary.done, summary.skipped) == (0, 1)
        assert "in the window" in of(events, "skipped")[0].cause
    assert saved.path.read_bytes() == before
    write_sidecar(sidecar_path(photo), Sidecar(48, 32, hints=HINTED.hints[1:]))
    assert run(photo)[0].done == 1
    assert is_blue(saved.path)


def test_what_was_saved_by_hand_without_a_sidecar_is_always_left_alone(tmp_path):
    photo = make_photo(tmp_path / "x.jpg")
    save_by_hand(photo)
    write_sidecar(sidecar_path(photo), HINTED)
    assert run(photo)[0].skipped == 1
    other = make_photo(tmp_path / "y.jpg")
    write_sidecar(sidecar_path(other), HINTED)
    save_by_hand(other, sidecar=HINTED)
    write_sidecar(sidecar_path(other), Sidecar())
    assert run(other)[0].skipped == 1


def test_a_real_model_honours_the_hints_of_a_batch(tmp_path):
    install()
    plain, hinted = (make_photo(tmp_path / "in" / f"{name}.png", width=96, height=64) for name in "ab")
    shutil.copy(plain, hinted)
    write_sidecar(sidecar_path(hinted), Sidecar(96, 64, hints=(dab(24, 32, radius=20, color=BLUE),)))
    options = BatchOptions(paths=(tmp_path / "in",), model="tiny", device="cpu", jobs=1)
    summary = BatchJob(options, load=Colorist).run()
    assert (summary.done, summary.failed, summary.hinted) == (2, 0, 1)
    without, with_hint = (pixels(tmp_path / "in-color" / f"{name}.png").astype(int) for name in "ab")
    place = (slice(26, 38), slice(18, 30))
    bluer = (with_hint[place] - without[place])[..., 2] - (with_hint[place] - without[place])[..., 0]
    assert bluer.mean() > 20
