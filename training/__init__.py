"""Training: it produces the weights that the engine colours with.

A run travels like this. A `recipe` (TOML) says everything that makes a weight what it is. `data.packed` decodes the photos
once; `data.batches` cuts crops on the device, `data.augmentation` makes of them what an old camera would have seen, and
`data.hint_sampling` draws hints. `task` computes the losses of a step (`losses`, one a file), `trainer` takes the steps,
keeps a moving average and checkpoints, and `monitor` watches held-out photos. `export` writes float16 weights and a card.
`measure` and `evaluation` then say how good the colours are, on photos that no weight has seen, and `report` shows it and
puts it on the card.
"""
