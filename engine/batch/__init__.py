"""Many photos: the story of a batch.

`BatchJob(BatchOptions(paths=…)).run()` goes through these steps, one module each:

1. `place` says for each path where its coloured photos go and where the record of them is kept.
2. `scan` finds the files, each once, in natural order, and never what this program made itself.
3. `place` locks each output (`lock`), so that two runs never work on one, and opens its `journal`. If the last run
   died, what it had just published is taken down, and what it had half written is deleted.
4. `plan` asks `sidecars` how each photo is to be coloured, and the journal what is already done with the same source,
   model and settings, and settles the `naming` of all other outputs before anything is written. No file is replaced but
   one that this program made and nobody changed.
5. `pipeline` keeps reading, the network and saving busy at the same time, within a bound of `memory` in bytes; `work`
   is what it does to one photo (`photo_work`), by the models of `painters`. Decoding happens in processes that may
   crash, run away and be killed without harm (`readers`, `reader_child`, `reader_process`, `reader_messages`).
6. `saving` writes the coloured photo. The journal says `saving` before an output appears under its name, and `done`
   after. A disk that is full, or gone, makes the run wait, and go on by itself (`outage`).
7. Every photo becomes one of the `events` done, skipped or failed. One that cannot be used costs its own row only
   (`remarks` says why). `run` gathers and tells them.
8. `report` writes the table and, with the `thumbnails`, the pages, failures first; a summary is the last event.

A run that is cancelled or killed is resumed by running the same options again.

A dry run ends before step 5, after it has coloured a few photos on trial to say how long all would take (`trials`,
`estimate`).

A window saves one photo at a time (`single`), in the same places and under the same rules, and asks what became of a
folder's photos (`records`).
"""

from engine.batch.events import (
    Begin,
    Done,
    Event,
    Failed,
    Note,
    Outcome,
    Planned,
    Resumed,
    Skipped,
    Started,
    Summary,
    Waiting,
    shown,
)
from engine.batch.job import BatchJob
from engine.batch.journal import JournalError
from engine.batch.options import BatchOptions
from engine.batch.place import state_folder
from engine.batch.records import Record, folder_records
from engine.batch.single import Saved, save_as, save_beside
from engine.lock import InUseError
from engine.photo import FormatChoice, Luma

__all__ = [
    "BatchJob",
    "BatchOptions",
    "Begin",
    "Done",
    "Event",
    "Failed",
    "FormatChoice",
    "InUseError",
    "JournalError",
    "Luma",
    "Note",
    "Outcome",
    "Planned",
    "Record",
    "Resumed",
    "Saved",
    "Skipped",
    "Started",
    "Summary",
    "Waiting",
    "folder_records",
    "save_as",
    "save_beside",
    "shown",
    "state_folder",
]
