"""Photos in object storage, and outputs that go there: `s3://bucket/scans`, `gs://…`, whatever fsspec opens.

1. `access` finds the URLs among what the user named, and puts paths of a `mirror` in their place: a tree, in
   a folder of its own (`scratch`), of placeholders that say of each object how large it is and when it was changed. The
   scan, the plan, the names, the journal and the report work on these as on files.
2. A photo's bytes are brought here while it is read, and those of an output while its mark is looked for (`fetched`,
   `peeked`). An output is written and checked here, and then becomes an object (`outgoing`), whole or not at all, and
   never in the place of another than the one that this program made and nobody changed.
3. `stores` does the reading and writing, and sorts what goes wrong: an object that is missing or refused is a photo's
   own affair, a store that does not answer is an outage, and waited for.
4. `names` gives back the URLs wherever something is told or kept.
5. `locking` keeps two runs, also on two machines, from writing to one place.

The journal stays on this machine, in the user's state folder. On a cluster each process has a mirror of its own, of
nothing but the photos that it is given.
"""

from engine.batch.storage.access import (
    close_mirror,
    fetched,
    is_marked,
    know,
    look_at,
    look_into,
    mirror_of,
    mirrored,
    open_mirror,
    outgoing,
    peeked,
    push,
    refresh,
)
from engine.batch.storage.names import is_url, named, path_of, url_of

__all__ = [
    "close_mirror",
    "fetched",
    "is_marked",
    "is_url",
    "know",
    "look_at",
    "look_into",
    "mirror_of",
    "mirrored",
    "named",
    "open_mirror",
    "outgoing",
    "path_of",
    "peeked",
    "push",
    "refresh",
    "url_of",
]
