"""Autochrome's window: Qt on the outside, the engine's face on the inside, no torch, no Pillow, no colour maths.

A photo travels like this. The `library` shows a folder; going to a photo emits `photo_activated`. The flow `opening`
tells the `Document` its path, and has `operations.read_for_screen` read it on a thread of `Tasks`; a large one is shown
as a draft first. Its `Pyramid` goes to the `canvas`, which draws the tiles it needs. `Document.photo_changed` makes the
flow `coloring` ask the `Engine` for colours. That is one QThread, which owns the models (`studio`); requests carry
numbers, and only the newest is answered, by `Engine.colored`. The `Document` makes a `Painting` of the colours and the
look in force, and `Document.painting_changed` brings it to the canvas.

A hint travels like this. `HintTools` draw its ink at once, and tell what is being painted; the flow `hinting` has
`coloring` preview it, one request at a time. When the pointer lets go, a command puts the hint into the document, and
`Document.hints_changed` makes the flow `coloring` ask for the full colours, for which the photo is not encoded again.

What the user changes is a command on the document's undo stack (`commands`); the document tells it, the `EditBook`
remembers it for each photo, and the `Keeper` writes it to the photo's sidecar (`keeping`). `flows.saving` renders at
full size and saves, on a thread of its own. `BatchQueue` runs the engine's own batches.

`app` is the only place where all of this is made and wired. `tasks` is the only door to threads besides `coloring`;
nothing slow happens on the thread of the window. Errors end in `Messages`, which shows and logs them.
"""
