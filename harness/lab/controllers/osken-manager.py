#!/usr/bin/python3
"""os-ken's manager, without two things that the bundled controller never uses and that take most of
its start: setuptools, which Debian puts in place of Python's own distutils, and the resolver of
names of eventlet. Arguments and exit status are those of `osken-manager`."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
if sys.version_info < (3, 12):
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if type(finder).__name__ != "DistutilsMetaFinder"
    ]

from os_ken.cmd.manager import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
