"""Models: how a weight file becomes a network that colours photographs.

A model is two files of one name: `<id>.safetensors` with the weights and `<id>.toml`, its card, which says what the
weights are of and what they are worth. Its way into the program:

1. `store` finds it: bundled models in `resources/models`, then the user's own in their data folder. Only cards are read
   for this (`card`), so a list of models costs no torch and one broken card hides no other model.
2. `header` looks at the first bytes of the weight file, before anything else trusts them: a web page, half a download
   or a pickle is named as such, and nothing is ever unpickled.
3. `weights` compares the file with its card (sha256), builds the card's architecture without memory for its weights (on
   torch's meta device), compares name, shape and type of each tensor, and that each value is finite. Only then is there
   a network; whoever asked keeps the one they had until it is returned.
4. `registry` knows the architectures, one family a file (`photo`). Each network is a `Colorizer` (`contract`): `encode`
   once a photo, `decode` whenever hints change. `conditioning` makes hint tensors, `bins` holds the bins of ab.
5. `runtime` runs it: on a device, in the precision that is faster there, and with less of both where they fail.

Importing this package loads no torch; `weights`, `registry`, `contract` and what lies below them do.
"""
