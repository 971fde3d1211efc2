"""What things cost on this machine: each stage of a photo (`stages`), and each stroke of a hint brush (`strokes`)."""

from engine.benchmark.stages import Benchmark, benchmark
from engine.benchmark.strokes import Strokes, time_strokes

__all__ = ["Benchmark", "Strokes", "benchmark", "time_strokes"]
