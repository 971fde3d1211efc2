"""Self-attention after SAGAN."""

import torch

from engine.models.layers.self_attention import SelfAttention


def open_attention(channels: int = 16) -> SelfAttention:
    torch.manual_seed(0)
    attention = SelfAttention(channels)
    with torch.no_grad():
        attention.gate.fill_(0.7)
    return attention


def test_it_starts_as_the_identity_and_its_gate_learns():
    attention = SelfAttention(16)
    features = torch.randn(2, 16, 5, 7)
    out = attention(features)
    assert torch.equal(out, features)
    out.square().mean().backward()
    assert attention.gate.grad.abs().item() > 0


def test_it_is_the_papers_formula():
    attention = open_attention()
    features = torch.randn(2, 16, 3, 5)
    with torch.no_grad():
        query, key, value = (
            project(features).flatten(2) for project in (attention.query, attention.key, attention.value)
        )
        assert query.shape[1] == 2  # an eighth of the channels
        share = (query.transpose(1, 2) @ key).softmax(dim=-1)  # of each place j in what place i gathers
        wanted = features + 0.7 * (value @ share.transpose(1, 2)).view_as(features)
        torch.testing.assert_close(attention(features), wanted, atol=1e-5, rtol=1e-4)


def test_places_have_no_order():
    attention = open_attention()
    features = torch.randn(1, 16, 4, 4)
    with torch.no_grad():
        torch.testing.assert_close(attention(features.flip(-1)), attention(features).flip(-1), atol=1e-5, rtol=1e-4)


def test_every_place_reaches_every_other():
    attention = open_attention()
    features = torch.randn(1, 16, 6, 6)
    other = features.clone()
    other[..., 0, 0] += 1
    with torch.no_grad():
        assert (attention(other) - attention(features))[..., 5, 5].abs().max() > 1e-4


def test_few_channels_still_have_a_query():
    assert SelfAttention(4)(torch.randn(1, 4, 2, 2)).shape == (1, 4, 2, 2)
