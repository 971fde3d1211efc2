"""Clusters of small ab maps."""

import torch

from training.data.palettes import cluster, nearest_palette, small_maps


def groups(count=40, spread=1.0):
    """Maps around three centres, and which is which; the first centre is the most frequent."""
    generator = torch.Generator().manual_seed(0)
    centres = torch.tensor([[40.0, 0.0], [-30.0, 20.0], [0.0, -40.0]])
    member = torch.arange(count) % 4 % 3
    noise = torch.randn(count, 2, 4, 4, generator=generator) * spread
    return centres[member][:, :, None, None] + noise, member, centres


def test_small_maps_are_means():
    ab = torch.arange(2 * 8 * 8, dtype=torch.float32).reshape(1, 2, 8, 8)
    assert small_maps(ab).shape == (1, 2, 4, 4)
    assert small_maps(ab)[0, 0, 0, 0] == ab[0, 0, :2, :2].mean()


def test_clusters_are_found_most_frequent_first():
    maps, member, centres = groups()
    palettes = cluster(maps, 3, seed=0)
    assert palettes.shape == (3, 2, 4, 4)
    assert torch.allclose(palettes[0].mean(dim=(1, 2)), centres[0], atol=1)
    distance = torch.cdist(palettes.mean(dim=(2, 3)), centres)
    assert distance.amin(dim=0).max() < 1
    found = nearest_palette(maps, palettes)
    for group in range(3):
        assert len(set(found[member == group].tolist())) == 1


def test_clusters_are_known_by_their_seed():
    maps, _, _ = groups(spread=20.0)
    assert torch.equal(cluster(maps, 5, seed=1), cluster(maps, 5, seed=1))


def test_more_palettes_than_photos():
    maps, _, _ = groups(count=4)
    palettes = cluster(maps, 8, seed=0)
    assert palettes.shape == (8, 2, 4, 4)
    assert torch.isfinite(palettes).all()


def test_a_palette_is_nearest_to_itself():
    palettes = groups(count=6)[0]
    assert nearest_palette(palettes, palettes).tolist() == list(range(6))
