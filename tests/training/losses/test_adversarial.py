"""Both sides of the game, by hand; the gradient penalty of critics whose gradient is known."""

import math

import pytest
import torch

from training.losses.adversarial import critic_loss, generator_loss, gradient_penalty

REAL = [torch.tensor([[[[2.0, 0.0]]]]), torch.tensor([[[[1.0]]]])]
FAKE = [torch.tensor([[[[-1.0, 0.0]]]]), torch.tensor([[[[0.5]]]])]


def certain(score):
    """-log sigmoid."""
    return math.log(1 + math.exp(-score))


def test_vanilla():
    first = ((certain(2) + certain(0)) / 2 + (certain(1) + certain(0)) / 2) / 2
    second = (certain(1) + certain(-0.5)) / 2
    assert float(critic_loss("vanilla", REAL, FAKE)) == pytest.approx((first + second) / 2)
    assert float(generator_loss("vanilla", FAKE)) == pytest.approx(((certain(-1) + certain(0)) / 2 + certain(0.5)) / 2)


def test_least_squares():
    first = ((1 + 1) / 2 + (1 + 0) / 2) / 2
    second = (0 + 0.25) / 2
    assert float(critic_loss("least-squares", REAL, FAKE)) == pytest.approx((first + second) / 2)
    assert float(generator_loss("least-squares", FAKE)) == pytest.approx(((4 + 1) / 4 + 0.25 / 2) / 2)


def test_wasserstein():
    assert float(critic_loss("wasserstein", REAL, FAKE)) == pytest.approx(((-0.5 - 1) + (0.5 - 1)) / 2)
    assert float(generator_loss("wasserstein", FAKE)) == pytest.approx((0.5 - 0.5) / 2)


@pytest.mark.parametrize("kind", ["vanilla", "least-squares", "wasserstein"])
def test_the_two_sides_pull_apart(kind):
    fake = torch.zeros(1, 1, 2, 2, requires_grad=True)
    (critic,) = torch.autograd.grad(critic_loss(kind, [torch.zeros(1, 1, 2, 2)], [fake]), fake)
    (generator,) = torch.autograd.grad(generator_loss(kind, [fake]), fake)
    assert kind == "least-squares" or (critic > 0).all()
    assert (generator < 0).all()


def test_scores_of_half_precision_are_judged_in_full():
    scores = [torch.full((1, 1, 1, 1), 8.0, dtype=torch.bfloat16)]
    assert generator_loss("vanilla", scores).dtype == torch.float32
    assert float(generator_loss("vanilla", scores)) == pytest.approx(certain(8), rel=1e-4)


class LinearCritic(torch.nn.Module):
    """Scores are a multiple of the pictures themselves: the mean score has the gradient `slope`/n everywhere."""

    def __init__(self, *slopes):
        super().__init__()
        self.slopes = torch.nn.Parameter(torch.tensor(slopes))

    def forward(self, pictures):
        return [pictures[:, :1] * slope for slope in self.slopes]


def test_the_penalty_of_a_known_gradient():
    real, fake = torch.rand(3, 2, 4, 4), torch.rand(3, 2, 4, 4)
    critic = LinearCritic(8.0, 2.0)
    # 16 places with a slope of s/16 each: a norm of s/4.
    penalty = gradient_penalty(critic, real, fake, torch.Generator().manual_seed(0))
    assert float(penalty.detach()) == pytest.approx(((2 - 1) ** 2 + (0.5 - 1) ** 2) / 2, rel=1e-5)
    penalty.backward()
    assert critic.slopes.grad is not None
    assert critic.slopes.grad.tolist() == pytest.approx([2 * 1 / 4 / 2, 2 * -0.5 / 4 / 2], rel=1e-5)


def test_places_lie_between_and_are_known_by_their_seed():
    seen = []

    def critic(pictures):
        seen.append(pictures.detach())
        return [pictures.square()]

    real, fake = torch.ones(16, 1, 2, 2), torch.zeros(16, 1, 2, 2)
    for seed in (1, 1, 2):
        gradient_penalty(critic, real, fake, torch.Generator().manual_seed(seed))
    assert torch.equal(seen[0], seen[1])
    assert not torch.equal(seen[0], seen[2])
    assert 0 <= seen[0].min() < 0.3 < 0.7 < seen[0].max() <= 1
    assert (seen[0].amax(dim=(1, 2, 3)) == seen[0].amin(dim=(1, 2, 3))).all()  # one share a picture
