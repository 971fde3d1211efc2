"""Photos on their way into a batch.

`entries` lists the pictures of folders and zip parts; `packed` decodes them once, leaves out what cannot teach colour,
and keeps the rest (uint8 sRGB) in one array; `palettes` clusters their small ab maps; `batches` draws crops on the
device, a batch at a time; `augmentation` makes of their colours the grey input that an old camera would have seen;
`hint_sampling` draws hints.
"""
