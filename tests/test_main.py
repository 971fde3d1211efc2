import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import main

ROOT = Path(main.__file__).parent


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], [str(ROOT)], [str(ROOT / "main.py"), str(ROOT)]])
def test_photos_and_folders_open_the_window(arguments, monkeypatch):
    opened = []
    monkeypatch.setattr("sys.argv", ["autochrome", *arguments])
    monkeypatch.setattr("desktop.app.run", lambda paths: opened.append(paths) or 5)
    with pytest.raises(SystemExit) as ending:
        main.main()
    assert ending.value.code == 5
    assert opened == [[Path(argument) for argument in arguments]]


@pytest.mark.parametrize("arguments", [["models"], ["--help"], ["no-such-file.jpg"]])
def test_commands_do_not_open_the_window(arguments):
    assert not main.asks_for_window(arguments)


def test_without_a_systems_libraries_the_window_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "desktop.app", None)
    with pytest.raises(SystemExit) as ending:
        main.window()
    assert ending.value.code == 2
    assert "The window cannot be opened" in " ".join(capsys.readouterr().err.split())


def test_the_window_stands_before_torch_is_loaded(tmp_path):
    code = (
        "import sys\n"
        "from desktop.app import Application, Autochrome\n"
        "app = Application(['autochrome'])\n"
        "program = Autochrome(app)\n"
        "program.start()\n"
        "program.parts.window.repaint()\n"
        "assert program.parts.window.isVisible()\n"
        "assert not {'torch', 'timm'} & set(sys.modules)\n"
        "program.parts.window.close()\n"
        "assert program.stop(60)\n"
        "program.dispose()\n"
    )
    folders = {f"AUTOCHROME_{name}": str(tmp_path / name) for name in ("CONFIG", "STATE", "DATA")}
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_system_can_end_the_window(tmp_path, number):
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from desktop import app\n"
        "app.WARM_UP_MS = 10**6\n"
        "QTimer.singleShot(0, lambda: print('ready', flush=True))\n"
        "sys.exit(app.run([]))\n"
    )
    folders = {f"AUTOCHROME_{name}": str(tmp_path / name) for name in ("CONFIG", "STATE", "DATA")}
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert (tmp_path / "STATE" / "session.json").exists()


def test_commands_of_all_packages():
    result = CliRunner().invoke(main.app, ["--help"])
    assert result.exit_code == 0
    for name in ("benchmark", "colorize", "evaluate", "models", "train"):
        assert CliRunner().invoke(main.app, [name, "--help"]).exit_code == 0
        assert name in result.stdout


def test_neither_help_nor_the_engine_loads_torch():
    code = (
        "import sys, engine, main\n"
        "sys.argv = ['autochrome', sys.argv[1], '--help']\n"
        "try:\n    main.main()\n"
        "except SystemExit as ending:\n    assert ending.code == 0\n"
        "loaded = {'torch', 'timm', 'PySide6'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    result = python("-c", code, "colorize")
    assert result.returncode == 0, result.stderr


def test_a_dry_run_loads_no_torch(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from engine.batch import BatchJob, BatchOptions\n"
        "options = BatchOptions(paths=(Path(sys.argv[1]),))\n"
        "BatchJob(options, hash_of=lambda model: 'x').dry_run()\n"
        "assert 'torch' not in sys.modules\n"
    )
    result = python("-c", code, str(tmp_path))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("arguments", [["paint"], ["--no-such-option"], ["colorize"]])
def test_wrong_use_is_2(arguments):
    assert CliRunner().invoke(main.app, arguments).exit_code == 2


def test_errors_of_all_commands_are_sentences():
    result = CliRunner().invoke(main.app, ["models", "show", "nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.stderr
