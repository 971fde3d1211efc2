"""The import direction of DESIGN.md's layout, read from the sources: nothing is imported to check it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "training", "desktop")
LAYERS = (
    ("errors",),
    ("progress",),
    ("device", "lock", "torch_loading"),
    ("color",),
    ("photo", "models"),
    ("hints",),
    ("render",),
    ("sidecar",),
    ("tiles",),
    ("colorist",),
    ("session",),
    ("batch", "benchmark"),
    ("cli",),
)
BESIDE = {frozenset(("photo", "models")), frozenset(("batch", "benchmark"))}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Dotted names that a module imports anywhere, inside functions and under TYPE_CHECKING too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def rank(part: str) -> int | None:
    return next((n for n, layer in enumerate(LAYERS) if part in layer), None)


def offenders(package: str, forbidden: tuple[str, ...]) -> list[str]:
    pattern = re.compile("|".join(rf"{re.escape(name)}(\.|$)" for name in forbidden))
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in sorted(imported(path))
        if pattern.match(name)
    ]


def test_the_engine_knows_neither_window_nor_training_nor_qt():
    assert offenders("engine", ("desktop", "training", "PySide6", "shiboken6")) == []


def test_training_uses_neither_commands_nor_batches_nor_the_window():
    assert offenders("training", ("engine.cli", "engine.batch", "desktop", "PySide6")) == []


def face() -> set[str]:
    """The names that the engine shows."""
    tree = ast.parse((ROOT / "engine" / "__init__.py").read_text(encoding="utf-8"))
    assigned = next(node for node in tree.body if isinstance(node, ast.Assign))
    return set(ast.literal_eval(assigned.value))


def test_the_window_sees_the_engine_only_through_its_face():
    shown = {f"engine.{name}" for name in face()}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("desktop")
        for name in sorted(imported(path))
        if name.split(".")[0] == "training" or (name.startswith("engine.") and name not in shown)
    ]
    # A name of the face may also be a module's (`render`); whoever imports from that module shows in the second name.
    assert wrong == []
    assert offenders("desktop", ("torch", "PIL", "cv2", "skimage")) == []


def test_inside_the_engine_imports_only_go_downward():
    wrong: list[str] = []
    for path in modules("engine"):
        parts = path.relative_to(ROOT / "engine").with_suffix("").parts
        here = parts[0]
        if here in ("__init__", "__main__"):
            continue
        own = rank(here)
        assert own is not None, f"engine/{here} has no place among the layers"
        for name in imported(path):
            target = name.split(".")
            if target[0] != "engine" or len(target) < 2:
                continue
            other = rank(target[1])
            if target[1] == here or other is None:
                continue
            if other >= own or frozenset((here, target[1])) in BESIDE:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_hint_planes_are_made_of_plain_numbers():
    assert not any(name.startswith("engine.hints") for name in imported(ROOT / "engine" / "models" / "conditioning.py"))


def test_decoding_never_needs_torch():
    assert offenders("engine/photo", ("torch", "timm")) == []


def test_there_are_no_drawers():
    drawers = {"utils", "util", "misc", "helpers", "helper", "common"}
    found = [path for package in PACKAGES for path in modules(package) if drawers & set(path.with_suffix("").parts)]
    assert found == []


@pytest.mark.parametrize("code", ["import engine", "import main", "import main; main.app"])
def test_starting_loads_neither_torch_nor_ray(code: str):
    check = f"import sys; {code}; print(sorted({{'torch', 'timm', 'torchvision', 'ray'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_torch():
    check = (
        "import sys, main\n"
        "sys.argv = ['autochrome', '--help']\n"
        "try:\n    main.main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "colorize" in done.stdout
