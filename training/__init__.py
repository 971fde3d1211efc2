"""How the weights of a model are made and measured. The engine knows nothing of it.

A run goes like this. `recipe` reads everything that makes a weight what it is; `data.packed` decodes the photos once;
`data.batches` cuts crops of them, a batch at a time on the device, and `data.augmentation` makes of each the grey
picture that an old camera would have taken. `task` is one step: a forward pass and a dict of `losses`. `trainer` takes
the steps, keeps the moving average, the checkpoints and the log, and goes on where it was stopped; `monitor` looks at a
few photos that it never trains on. `export` writes the averaged weights as float16, with their card.

`measure` is the other half: `autochrome evaluate` runs every method of `methods` and `neighbours` over photos that the
weights never saw (`evaluation`). `metrics` compares each picture with the truth, and `scores` averages; `likelihood`,
`hint_curve`, `variants` and `stability` add what one picture alone does not tell. `report` says it to people, to
programs and to the model's card, and `reporting` writes it as a folder with plots and pictures.
"""
