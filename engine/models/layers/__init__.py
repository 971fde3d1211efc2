"""Layers: the parts that several families of networks are built of, one topic a file.

Down: `strided` (4×4 convolutions of stride 2, and their transposed counterparts), `paths` (a whole way down, and a
whole way up with skips), `resnet` (ResNet-18 as an encoder). Across: `residual`, `self_attention`, `palette`. Up:
`resize_up` (without checkerboards). At the edges: `normalisation`, `ab_head`. `semantic` is what a generator and a
critic share.
"""
