"""The command ``tsds``: the program, with the arguments as they are."""

import os
import subprocess
import sys

from ._program import TsdsError, executable


def main() -> None:
    """Runs the program in place of this one, or, on Windows, waits for it."""
    try:
        program = executable()
    except TsdsError as error:
        sys.exit(f"tsds: {error}")
    arguments = [program, *sys.argv[1:]]
    if os.name == "posix":
        os.execv(program, arguments)
    child = subprocess.Popen(arguments)
    while True:
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:
            # The console has sent it to the child as well, which ends by itself.
            continue


if __name__ == "__main__":
    main()
