"""Print the path of a Python of the version asked for, as `3.12`; exit 1 where there is none.

A name on the PATH is not enough (pyenv puts shims there that may refuse to run), so each candidate is run.
Kept to what an old Python 3 can read, because it may be the one that runs this.
"""

import glob
import os
import shutil
import subprocess
import sys


def candidates(version):
    """Give the places where a Python of this version may be, the likeliest first."""
    yield sys.executable
    yield shutil.which("python" + version)
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    yield from sorted(glob.glob(os.path.join(pyenv, "versions", version + ".*", "bin", "python")))
    yield shutil.which("python3")
    # Where Debian and macOS keep theirs, when an older one comes first on the PATH.
    yield os.path.join("/usr/bin", "python" + version)
    yield os.path.join("/usr/local/bin", "python" + version)
    yield os.path.join("/opt/homebrew/bin", "python" + version)


def version_of(python):
    """Ask a Python for its version; an empty text where it does not run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.check_output([python, "-c", ask], stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def main(versions):
    """Print the first Python that has one of the versions, the first version first."""
    for version in versions:
        for python in candidates(version):
            if python and version_of(python) == version:
                print(python)
                return 0
    sys.stderr.write("Python {} was not found on the PATH or among pyenv's.\n".format(" or ".join(versions)))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
