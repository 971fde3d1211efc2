"""Importing: how a checkpoint that others published becomes a model of this program.

1. `checkpoint` opens the foreign file, as tensors by name or not at all: nothing that a pickle asks for is ever run.
2. `published` lists what can be imported: the architecture and its numbers, the licence of the published weights, and
   the `rename` of a module beside it (`ddcolor`, `deoldify`, `eccv16`, `siggraph17`), which puts our names in place of
   the authors'.
3. `convert` holds the renamed tensors against our network, strictly; tries whether half the precision would be seen;
   and installs weights and card among the user's own models, as `engine.models.store.add_model` installs any other.

Our networks have the published layouts, so what they compute is what the authors' code computes; tests rebuild those
layouts independently and compare. The code is ours and none of theirs is needed.
"""
