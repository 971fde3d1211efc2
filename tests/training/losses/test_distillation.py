"""The divergence from a teacher, against its formula."""

import torch

from training.losses.distillation import distillation


def test_it_is_the_mean_divergence_over_the_pixels():
    generator = torch.Generator().manual_seed(0)
    own, teacher = (torch.randn(2, 5, 3, 4, generator=generator) for _ in range(2))
    p, q = teacher.softmax(dim=1), own.softmax(dim=1)
    by_hand = (p * (p / q).log()).sum(dim=1).mean()
    torch.testing.assert_close(distillation(own, teacher), by_hand)


def test_agreement_costs_nothing_and_learning_leads_there():
    teacher = torch.tensor([2.0, 0.0, -1.0])[None, :, None, None].expand(1, 3, 2, 2)
    own = torch.zeros(1, 3, 2, 2, requires_grad=True)
    assert distillation(teacher, teacher).abs() < 1e-6
    optimizer = torch.optim.SGD([own], lr=20.0)
    for _ in range(50):
        optimizer.zero_grad()
        distillation(own, teacher).backward()
        optimizer.step()
    torch.testing.assert_close(own.softmax(dim=1), teacher.softmax(dim=1), atol=1e-3, rtol=0)
