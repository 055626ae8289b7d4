"""The console script: what concerns the process, not the command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    # Imports make thousands of objects that stay until the end, when the system takes them all at
    # once. Looking for garbage among them, and freeing them one by one, is a third of a short run.
    gc.disable()
    from dbtool import cli

    try:
        cli.main()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else end.code is not None)


if __name__ == "__main__":
    main()
