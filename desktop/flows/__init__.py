"""What happens when the user acts: one flow a topic, each connecting parts that do not know each other.

- `opening`: from a click, a drop, a paste or a command line to a photo on the screen.
- `coloring`: from a photo to its colours, and from colours to the canvas; the newest wins.
- `choosing`: models, variants and looks; and `comparing`: several of them side by side.
- `hinting`: from the brush to the hints of the photo; with `hint_colors` (the colour in use, and what suits a place),
  `hint_guidance` (where a hint would help) and `hint_transfer` (hints of other photos).
- `ahead`: the neighbours of the open photo, while nobody asks for anything.
- `saving`: from colours to a file beside the photo.
- `batching`: from a folder to the queue, and from the queue to the states of the thumbnails.
- `restoring`: what the next start finds again.

A flow holds no state that a part already has, and does nothing slow: background acts are `desktop.operations`.
"""
