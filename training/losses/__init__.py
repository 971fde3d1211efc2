"""Losses, one a file: each a plain function of tensors that says its formula and its source."""
