"""Become a PostgreSQL program that dies with its parent: `python -I -S embedded_exec.py PARENT_PID PROGRAM ARGS…`.

Run as a script, never imported, and built on the standard library alone: it stands between the supervisor and
`postgres` for the few milliseconds in which the process must set up what the program itself cannot.
"""

import ctypes
import os
import signal
import sys

NAMESPACE_REFUSED = 97
NOT_STARTED = 98
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
# The uid that root is shown as inside the namespace; any but 0 will do, and this one is `nobody` everywhere.
NOBODY = 65534


def leave_root() -> None:
    """Stop looking like root, which PostgreSQL refuses, while files stay owned by the same uid outside.

    A user namespace needs no new account and no chown of the data folder.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "a user namespace is refused")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def die_with(parent: int) -> None:
    """Ask for SIGINT, PostgreSQL's fast shutdown, when the parent goes; SIGTERM would wait for the last client.

    Comes after the namespace, since a change of credentials clears the request.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it went before the request was made
        sys.exit(NOT_STARTED)


def main() -> None:
    """Set up and hand over; what goes wrong is said on stderr, which the supervisor keeps."""
    parent, *command = sys.argv[1:]
    if os.geteuid() == 0:
        try:
            leave_root()
        except OSError as problem:
            print(f"karat: {problem.strerror or problem}", file=sys.stderr, flush=True)
            sys.exit(NAMESPACE_REFUSED)
    die_with(int(parent))
    try:
        os.execv(command[0], command)
    except OSError as problem:
        print(f"karat: {command[0]}: {problem.strerror}", file=sys.stderr, flush=True)
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
