import subprocess
import sys


def test_the_libraries_are_there_before_the_first_photo():
    code = (
        "import sys; from engine import load_decoders; load_decoders(); load_decoders()\n"
        "assert {'imagecodecs._jpeg8', 'imagecodecs._cms', 'imagecodecs._png'} <= set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
