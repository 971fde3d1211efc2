"""Between two models of one network."""

import pytest
import torch
from safetensors.torch import load_file

from engine.errors import BadWeightsError
from engine.models.blending import blend_models
from engine.models.registry import build_network
from engine.models.store import ModelExistsError, ModelStoreError, find_model
from engine.models.weights import verify_weights
from tests.training.making import install, tiny_network, tiny_recipe
from training.export import export


@pytest.fixture
def pair():
    install("one", tiny_network(0))
    install("other", tiny_network(1), saturation=2.0, purpose="For more.")
    return find_model("one"), find_model("other")


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_each_weight_lies_between(pair, share):
    one, other = pair
    made = blend_models(one, other, share, "between")
    stored, first, second = (load_file(model.weights) for model in (made, one, other))
    assert stored.keys() == first.keys()
    for key, value in stored.items():
        expected = first[key].float() * (1 - share) + second[key].float() * share
        if value.is_floating_point():
            torch.testing.assert_close(value.float(), expected, rtol=2e-3, atol=1e-3)
    assert verify_weights(find_model("between"))


def test_the_card_says_what_it_was_made_of(pair):
    one, other = pair
    card = blend_models(one, other, 0.25, "between").card
    assert card.training["blended"] == ["one", "other"]
    assert card.training["blended_sha256"] == [one.card.sha256, other.card.sha256]
    assert card.training["share"] == 0.25
    assert (card.purpose, card.saturation) == ("For more.", 1.25 + 0.25 * (2.0 - 1.25))
    assert (card.photos, card.collections, card.network) == (one.card.photos, ("made up",), one.card.network)
    assert card.metrics == {}


def test_different_networks(pair):
    recipe = tiny_recipe(id="third", network={"queries": 5})
    export(build_network("photo", recipe.network), recipe, pair[0].weights.parent, photos=3, sources=["made up"])
    with pytest.raises(BadWeightsError, match="different networks"):
        blend_models(pair[0], find_model("third"), 0.5, "between")


@pytest.mark.parametrize(("share", "name"), [(1.5, "between"), (float("nan"), "between"), (0.5, "Between")])
def test_what_cannot_be(pair, share, name):
    with pytest.raises(BadWeightsError):
        blend_models(*pair, share, name)


def test_nothing_is_replaced_unasked(pair):
    with pytest.raises(ModelExistsError):
        blend_models(*pair, 0.5, "other")
    with pytest.raises(ModelStoreError, match="came with the program"):
        blend_models(*pair, 0.5, "photo", replace=True)
    assert blend_models(*pair, 0.0, "other", replace=True).card.training["share"] == 0.0
