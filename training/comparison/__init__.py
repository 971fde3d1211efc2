"""`autochrome compare`: every system trained on the same photos for the same budget of samples, in one table.

A small budget ranks how fast systems learn, not how good they are at their best; what it is worth is that it is equal.
Each system keeps its own recipe (losses, stages, optimiser, batch) and gets the budget's number of photos, at the
budget's size. `systems.toml` lists the rows and what must differ: a rate fit for few steps, a smaller network where
the full one is too large. Nothing is downloaded: encoders start from random weights.

Each system is a run of its own in the output folder, so the command goes on where it was stopped.
"""
