"""What a batch is asked to do, and how it is known again."""

from pathlib import Path

import pytest

from engine.batch import BatchOptions
from engine.errors import EngineError
from engine.render import Look


def options(**changed):
    return BatchOptions(paths=(Path("x"),), **changed)


def test_outputs_of_earlier_versions_still_count():
    """These hashes stand in journals on people's disks."""
    assert options().settings("JPEG") == "68dd56264a701be5"
    assert options().settings("PNG") == "7857e8025238dcdd"
    assert options(look=Look(saturation=1.2, vibrance=0.1)).settings("TIFF") == "18f7db9efcbd6b68"


@pytest.mark.parametrize(
    "changed",
    [
        {"look": Look(saturation=1.1)},
        {"look": Look(white_balance=True)},
        {"look": Look(evenness=0.5)},
        {"metadata": False},
        {"mark": False},
        {"quality": 80},
        {"luma": "exact"},
    ],
    ids=str,
)
def test_what_shapes_an_output_counts(changed):
    assert options(**changed).settings("JPEG") != options().settings("JPEG")


def test_each_evenness_counts():
    found = {options(look=Look(evenness=evenness)).settings("PNG") for evenness in (0, 0.25, 1)}
    assert len(found) == 3
    assert options(look=Look(evenness=0.0)).settings("PNG") == "7857e8025238dcdd"


def test_what_does_not_shape_it_does_not():
    assert options(quality=80).settings("PNG") == options().settings("PNG")
    assert options(salvage=True, jobs=3, device="cpu").settings("JPEG") == options().settings("JPEG")


@pytest.mark.parametrize(
    "wrong",
    [
        {"quality": 0},
        {"look": Look(vibrance=2)},
        {"look": Look(evenness=1.5)},
        {"jobs": -1},
        {"luma": "exact", "format": "png"},
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused(wrong):
    with pytest.raises(EngineError):
        options(**wrong)
