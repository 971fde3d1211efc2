"""What is made ready before the first step: a teacher to imitate, an encoder from a file."""

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import BadWeightsError, UnknownModelError
from engine.models.registry import build_network
from tests.engine.models.small_specs import SMALL
from tests.training.making import TINY, install, packed, rule_photo, tiny_table
from training.recipe import RecipeError, parse
from training.trainer import Trainer

LITTLE = {"bins": 0.0, "palette": 0.0, "label": 0.0, "huber": 0.0}
STAGES = [{"until": 1.0, "size": 32}]


@pytest.fixture(scope="module")
def photos():
    return packed([rule_photo(n) for n in range(12)])


def trainer_of(folder, photos, network=None, **changes) -> Trainer:
    rest, out = photos.held_out(6)
    schedule = {"stages": STAGES, "samples": 400, "rate": 3e-3}
    table = tiny_table(schedule=schedule, **changes)
    if network is not None:
        table["network"] = network
    return Trainer(parse(table), rest, out, folder, torch.device("cpu"))


def test_a_network_learns_to_say_what_its_teacher_says(tmp_path, photos, one_thread):
    install("wise")
    loss = {**LITTLE, "distill": 10.0, "distill_bins": 0.5}
    trainer = trainer_of(tmp_path, photos, teacher="wise", loss=loss)
    first = trainer.step()
    assert set(first) == {"distill", "distill_bins"}
    for _ in range(40):
        last = trainer.step()
    assert last["distill_bins"] < 0.6 * first["distill_bins"]
    assert last["distill"] < first["distill"]


def test_a_teacher_lends_its_palettes_and_is_no_part_of_the_state(tmp_path, photos, one_thread):
    network = build_network("photo", dict(TINY))
    network.get_buffer("palettes").uniform_(-20, 20)
    wise = network.get_buffer("palettes").half().float()
    install("wise", network.eval())
    trainer = trainer_of(tmp_path, photos, teacher="wise", loss={**LITTLE, "distill": 1.0})
    assert torch.equal(trainer.learner.task.model.get_buffer("palettes"), wise)
    names = trainer.learner.task.state_dict()
    assert all(name.startswith(("model.", "classify.", "bin_weights")) for name in names)


@pytest.mark.parametrize("changes", [{"teacher": "wise"}, {"loss": {"distill": 1.0}}], ids=["no loss", "no teacher"])
def test_a_teacher_and_its_losses_go_together(tmp_path, photos, one_thread, changes):
    install("wise")
    with pytest.raises(RecipeError, match="teacher"):
        trainer_of(tmp_path, photos, **changes)


def test_a_teacher_that_is_not_installed_is_told(tmp_path, photos, one_thread):
    with pytest.raises(UnknownModelError, match="nobody"):
        trainer_of(tmp_path, photos, teacher="nobody", loss={"distill": 1.0})


def vgg_of(file):
    network = dict(SMALL["vgg-decoder"])
    return {
        "architecture": "vgg-decoder",
        "network": network,
        "loss": {**LITTLE, "l2": 1.0},
        "encoder_weights": str(file),
    }


def test_a_file_that_is_not_there_is_told(tmp_path, photos, one_thread):
    with pytest.raises(BadWeightsError, match=r"vgg16\.pth"):
        trainer_of(tmp_path, photos, **vgg_of(tmp_path / "vgg16.pth"))


def test_an_encoder_from_a_file_stays_as_it_is(tmp_path, photos, one_thread):
    torch.manual_seed(5)
    network = build_network("vgg-decoder", dict(SMALL["vgg-decoder"]))
    encoder = {name: value for name, value in network.state_dict().items() if name.startswith("features.")}
    assert encoder
    file = tmp_path / "vgg16.safetensors"
    save_file(encoder, file)
    trainer = trainer_of(tmp_path / "run", photos, **vgg_of(file))
    trainer.step()
    state = trainer.learner.task.model.state_dict()
    assert all(torch.equal(state[name], value) for name, value in encoder.items())


def test_a_network_without_such_an_encoder_is_told(tmp_path, photos, one_thread):
    with pytest.raises(RecipeError, match="takes no encoder"):
        trainer_of(tmp_path, photos, encoder_weights="vgg16.pth")
