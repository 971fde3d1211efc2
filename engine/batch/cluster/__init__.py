"""A batch on many machines: its story.

The machine where the command runs finds and plans as always, and keeps the locks and the one journal. Ray Data does
the rest: it hands out the work, moves it from machines that are lost, and says when all is done.

1. `driver` writes `saving` into the journal for a window of the planned photos, and makes an `orders.Order` of each:
   its name, never its pixels, and what its output is called.
2. `session` gives the orders to Ray Data in blocks. Its actors, one a GPU or one for several cores (`crew`), each hold
   a `worker.Worker`.
3. The worker does to each photo what one machine does, by the same `PhotoStages` and `Saver`: it reads in processes
   that may crash, colours, and saves straight to the storage that all machines see. In the place of the journal it has
   a `slate` in memory, and bounds what is in flight by its `room`. It answers each order with a reply: a row, in the
   words of the journal.
4. The driver takes the replies into the journal, as `done` or `failed`, and tells them as events. What only the moment
   knows (a photo was begun, a disk is full) comes by the `mailbox`.

Where work is done a second time, because a machine was lost or the command was killed, the outputs are the truth: names
were settled before the first attempt, a file appears whole or not at all, and what is there already is not coloured
again. A block that Ray gives up after several attempts comes back photo by photo, so that one photo that ends every
process costs its own row alone.

Nothing here imports Ray before a cluster is asked for.
"""

from engine.batch.cluster.driver import ClusterWork
from engine.batch.cluster.session import require_ray
from engine.batch.cluster.worker import Parts

__all__ = ["ClusterWork", "Parts", "require_ray"]
