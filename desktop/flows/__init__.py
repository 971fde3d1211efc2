"""What happens when the user acts: one flow a topic, each connecting parts that do not know each other.

- `opening`: from a click, a drop, a paste or a command line to a photo on the screen.
- `coloring`: from a photo to its colours, and from colours to the canvas; the newest wins.
- `choosing`: models, variants and looks; and `comparing`: several of them side by side.
- `saving`: from colours to a file beside the photo.
- `batching`: from a folder to the queue, and from the queue to the states of the thumbnails.
- `restoring`: what the next start finds again.

A flow holds no state that a part already has, and does nothing slow: background acts are `desktop.operations`.
"""
