"""Sheets of held-out photos."""

import numpy as np
import torch
from PIL import Image

from tests.training.making import packed, rule_photo, tiny_network
from training.data.batches import CropSource
from training.pictures import save_sheet


def test_truth_grey_and_result_beside_each_other(tmp_path):
    crops = CropSource(packed([rule_photo(n) for n in range(10)]), torch.device("cpu"))
    save_sheet(tmp_path / "pictures" / "sheet.jpg", tiny_network(), crops, 48)
    sheet = np.asarray(Image.open(tmp_path / "pictures" / "sheet.jpg")).astype(int)
    assert sheet.shape == (8 * 48, 3 * 48, 3)
    truth, grey, colored = sheet[:, :48], sheet[:, 48:96], sheet[:, 96:]
    srgb = crops.crops(torch.arange(8), 48, torch.Generator(), None).srgb.permute(0, 2, 3, 1).reshape(-1, 48, 3)
    assert np.abs(truth - srgb.numpy() * 255).mean() < 12
    assert np.abs(grey[..., 0] - grey[..., 2]).mean() < 4
    assert np.abs(colored[..., 0] - colored[..., 2]).mean() > 8
