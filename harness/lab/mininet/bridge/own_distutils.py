"""Mininet's imports without setuptools.

Debian lets every Python put setuptools' distutils in place of Python's own. Mininet compares one
version number with it, and would load all of setuptools for that, which is most of its start.
"""

from __future__ import annotations

import sys


def keep_own_distutils() -> None:
    """Where Python still has a distutils, before 3.12, it is the one that is imported."""
    if sys.version_info >= (3, 12):
        return
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if type(finder).__name__ != "DistutilsMetaFinder"
    ]
