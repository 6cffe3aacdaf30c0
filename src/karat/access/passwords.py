"""What makes a password acceptable, and its Argon2id hash. Length counts and being guessed first counts; nothing else.

Source: NIST SP 800-63B-4, section 3.1.1: no composition rules, a list of common values, names of the account refused.
"""

import asyncio
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from karat.errors import Fault

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MIN_LENGTH = 12
MAX_LENGTH = 256
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "0123456789" * 3, "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def password_faults(password: str, *, about: Collection[str], where: str) -> list[Fault]:
    """Why a password is refused; nothing when it may be used.

    Args:
        about: names and addresses of whoever chooses it: they are guessed first.
        where: the field, for the faults.
    """
    if len(password) < MIN_LENGTH:
        return [
            Fault(
                code="password.too_short",
                message=f"A password has at least {MIN_LENGTH} characters.",
                where=where,
                hint="A few words that do not belong together are long and easy to remember.",
            )
        ]
    if len(password) > MAX_LENGTH:
        message = f"A password has at most {MAX_LENGTH} characters."
        return [Fault(code="password.too_long", message=message, where=where, hint="Take a shorter one.")]
    if is_about(password, about):
        return [
            Fault(
                code="password.is_name",
                message="The password is your name, your e-mail address or the organisation.",
                where=where,
                hint="Choose something that nobody who knows you would try.",
            )
        ]
    if is_common(password):
        return [
            Fault(
                code="password.common",
                message="This password, or what it is made of, is among those that are tried first.",
                where=where,
                hint="Take a few words that do not belong together.",
            )
        ]
    return []


def is_common(password: str) -> bool:
    """Whether it is a common password, one with digits and signs around it, a row of keys, or a short piece repeated."""
    text = password.casefold()
    piece = smallest_piece(text)
    core = _EDGES.sub("", text)
    if {text, piece, core, smallest_piece(core)} & common_passwords() or len(piece) <= 3:
        return True
    return any(piece in run or piece in run[::-1] for run in _RUNS)


def is_about(password: str, about: Collection[str]) -> bool:
    """Whether it is one of these names, whole or a part of it, with nothing but digits and signs around it."""
    core = _letters(password)
    names = {_letters(name) for name in about} | {
        _letters(part) for name in about for part in re.split(r"[\s@.]+", name)
    }
    return core in names - {""}


def smallest_piece(text: str) -> str:
    """The shortest text whose repetition is the given one; the text itself when it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else text


@cache
def common_passwords() -> frozenset[str]:
    """What is tried first, in small letters."""
    lines = files("karat.access").joinpath("common_passwords.txt").read_text().splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("# "))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.casefold())


@cache
def _threads() -> ThreadPoolExecutor:
    """Two at a time: each takes 64 MiB and a whole core."""
    return ThreadPoolExecutor(2, "argon2")


@cache
def _hasher() -> "PasswordHash":
    """RFC 9106, section 4, second recommended option, but on one lane, since a server serves many."""
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(time_cost=3, memory_cost=64 * 1024, parallelism=1),))


@cache
def _nobodys_hash() -> str:
    """What an unknown account is compared with, so that it takes as long to refuse as a known one."""
    return _hasher().hash("nobody has this password")


async def hash_password(password: str) -> str:
    """Its Argon2id hash, made off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), lambda: _hasher().hash(password))


async def verify_password(password: str, argon2: str | None) -> bool:
    """Whether it is the password behind the hash; always as much work, also without one.

    Args:
        argon2: None where there is no such account, or it has no password.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads(), _verify, password, argon2)


def _verify(password: str, argon2: str | None) -> bool:
    nobodys = _nobodys_hash()
    is_right = bool(_hasher().verify(password, argon2 or nobodys))
    return is_right and argon2 is not None
