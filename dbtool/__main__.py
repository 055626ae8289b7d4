"""The console script: what concerns the process, not the command."""

from __future__ import annotations

import gc
import os


def main() -> None:
    # Imports make thousands of objects that stay until the end, when the system takes them all at
    # once. Looking for garbage among them, and freeing them one by one, is a third of a short run.
    gc.disable()
    try:
        from dbtool import cli

        cli.main()
    except KeyboardInterrupt:
        # While it was being loaded, or for a second time.
        os.write(2, b"dbtool: interrupted\n")
        os._exit(130)
    except SystemExit as end:
        # What was printed has been flushed, line by line.
        os._exit(end.code if isinstance(end.code, int) else end.code is not None)


if __name__ == "__main__":
    main()
