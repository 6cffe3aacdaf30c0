"""Files that survive a power cut: what to wait for, and in which order."""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from karat.errors import OutOfSpace


def create(path: Path) -> BinaryIO:
    """A new file for this user alone."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def sync_file(file: BinaryIO) -> None:
    """Wait until the bytes of the file are on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_file_system(folder: Path) -> None:
    """Wait until everything written to the file system of `folder` is on the disk (Linux, syncfs(2))."""
    with _folder_open(folder) as descriptor:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.syncfs(descriptor):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def rename(path: Path, name: Path) -> None:
    """Rename, making the folders on the way to the name if they are missing."""
    try:
        path.rename(name)
    except FileNotFoundError:
        name.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.rename(name)


def keep(path: Path | None, name: Path) -> None:
    """Give a written file its name below `TENANT/aa/bb`, for good; without a file, see to a name given by others."""
    if path:
        rename(path, name)
    # The name is an entry of its folder, which may be an entry just made itself, and so on up to the root.
    for folder in name.parents[:4]:
        with _folder_open(folder) as descriptor:
            os.fsync(descriptor)


@contextmanager
def full_disk_named() -> Iterator[None]:
    """Turn the system's word for a full disk, or a spent quota, into ours."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace from problem
        raise


@contextmanager
def _folder_open(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
