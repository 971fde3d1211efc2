"""What things cost on this machine: each stage of a photo, a batch of it, each stroke of a hint brush.

`benchmark` goes through photos (`photos` makes some), models and devices. For each it times the `stages` of one photo
in turns, beside a `bare` decoder and encoder, then `strokes`, then a batch of copies (`batches`). The batch itself is
the caller's, for this package stands beside `engine.batch`. Everything is made in a temporary folder.
"""

from engine.benchmark.batches import Batch, BatchRate, Copies
from engine.benchmark.stages import time_stages
from engine.benchmark.strokes import Strokes, time_strokes
from engine.benchmark.suite import Benchmark, BenchmarkOptions, NotMeasured, benchmark

__all__ = [
    "Batch",
    "BatchRate",
    "Benchmark",
    "BenchmarkOptions",
    "Copies",
    "NotMeasured",
    "Strokes",
    "benchmark",
    "time_stages",
    "time_strokes",
]
