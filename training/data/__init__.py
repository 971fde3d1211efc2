"""Photos on their way into a batch.

`entries` lists the pictures of folders, zip parts and CSV lists. `packed` decodes them once, leaves out what cannot
teach colour (`toning`), keeps the rest (uint8 sRGB) in one array (and on disk: `cache`), and splits off what is held
out, never a near-duplicate of what is not (`near_duplicates`). `batches` draws crops on the device, a batch at a time;
`augmentation` makes of their colours the grey input that an old camera would have seen (`emulsion`) and that time would
have left of it (`ageing`, `jpeg`). `hint_sampling` draws hints, some for segments in another hue (`recoloring`).
`palettes` clusters small ab maps. `prefetch` makes the next batches in the background.
"""
