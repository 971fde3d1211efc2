import os
import subprocess
import sys

from engine.torch_loading import limit_threads, threads_kept


def test_torch_is_there_afterwards_and_the_collector_works_again():
    code = (
        "import gc, sys\n"
        "from engine import load_torch\n"
        "assert 'torch' not in sys.modules\n"
        "load_torch()\n"
        "assert {'torch', 'timm'} <= set(sys.modules)\n"
        "assert gc.isenabled()\n"
        "load_torch()\n"
        "import torch\n"
        "print(float(torch.ones(3).sum()))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3.0"


def test_a_collector_that_rested_rests_on():
    code = "import gc; gc.disable(); from engine import load_torch; load_torch(); print(gc.isenabled())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_threads_of_torch_do_not_spin_for_long_unless_the_user_says_otherwise():
    code = "import os; import engine; print(os.environ.get('GOMP_SPINCOUNT'))"
    ours = {key: value for key, value in os.environ.items() if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    for given, seen in ({}, "50000"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "None"), ({"GOMP_SPINCOUNT": "7"}, "7"):
        told = subprocess.run([sys.executable, "-c", code], env=ours | given, check=True, capture_output=True).stdout
        assert told.split() == [seen.encode()]


def test_a_limit_of_threads_is_undone_at_the_end():
    import torch

    former = torch.get_num_threads()
    with threads_kept():
        limit_threads(3)
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == former


def test_a_limit_is_undone_too_where_torch_was_loaded_meanwhile():
    code = (
        "from engine.torch_loading import limit_threads, load_torch, threads_kept\n"
        "with threads_kept():\n"
        "    load_torch()\n"
        "    import torch\n"
        "    former = torch.get_num_threads()\n"
        "    limit_threads(former + 1)\n"
        "assert torch.get_num_threads() == former\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
