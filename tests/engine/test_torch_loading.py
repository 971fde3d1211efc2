import subprocess
import sys


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
