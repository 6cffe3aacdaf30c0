"""Which passwords are refused, and that nothing but being short or being guessed first counts."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.access.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    common_passwords,
    hash_password,
    is_common,
    password_faults,
    smallest_piece,
    verify_password,
)

ABOUT = ("Ada Lovelace", "ada.lovelace@example.org", "Analytical Engines")


def codes(password: str) -> list[str]:
    return [one.code for one in password_faults(password, about=ABOUT, where="password")]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.too_short"),
        ("elevenchars", "password.too_short"),
        ("é" * 11, "password.too_short"),
        ("x" * 257, "password.too_long"),
        ("123456789012", "password.common"),
        ("qwertyuiopas", "password.common"),
        ("Password2024!", "password.common"),
        ("!!!iloveyou!!!", "password.common"),
        ("passwordpassword", "password.common"),
        ("abcabcabcabc", "password.common"),
        ("zyxwvutsrqpo", "password.common"),
        ("1qaz2wsx3edc4rfv", "password.common"),
        ("ada lovelace", "password.is_name"),
        ("AdaLovelace1815", "password.is_name"),
        ("ada.lovelace@example.org", "password.is_name"),
        ("lovelace!!!1815", "password.is_name"),
        ("Analytical-Engines", "password.is_name"),
    ],
)
def test_what_is_tried_first_is_refused_with_the_reason(password: str, code: str) -> None:
    assert codes(password) == [code]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "twelve chars",
        "482915736204",
        "ünïcödé möre",
        "🐎🔋📎 saddle stable 🐎🔋📎",
        "a" * 6 + "bcdefghij0",
        " leading and trailing ",
    ],
)
def test_no_kind_of_character_is_asked_for_or_forbidden(password: str) -> None:
    assert codes(password) == []


@given(st.text(min_size=MIN_LENGTH, max_size=MAX_LENGTH))
def test_any_text_is_judged_without_fail(password: str) -> None:
    assert set(codes(password)) <= {"password.common", "password.is_name"}


@given(st.sampled_from(sorted(common_passwords())), st.text(st.sampled_from("0123456789!-_."), max_size=8))
def test_every_common_password_is_common_with_anything_behind_it(word: str, tail: str) -> None:
    assert is_common(word)
    assert is_common(word + tail) or not word[-1].isalpha() or not word[0].isalpha()


@given(st.text(min_size=1, max_size=8), st.integers(1, 6))
def test_the_smallest_piece_makes_the_text_again(piece: str, n: int) -> None:
    text = piece * n
    smallest = smallest_piece(text)
    assert smallest * (len(text) // len(smallest)) == text
    assert len(smallest) <= len(piece)


def test_the_list_holds_the_most_common_ones_and_no_comments() -> None:
    listed = common_passwords()
    assert len(listed) > 1200
    assert {"123456", "password", "qwerty", "letmein"} <= listed
    assert not any(" " in one or one.startswith("#") for one in listed)


async def test_a_hash_is_of_its_password_alone_and_never_the_same_twice() -> None:
    one, other = await hash_password("some long password"), await hash_password("some long password")
    assert one != other
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert await verify_password("some long password", one)
    assert not await verify_password("some long passwore", one)
    assert not await verify_password("some long password", None)
    assert not await verify_password("nobody has this password", None), "the stand-in lets its own password in"


async def test_the_event_loop_goes_on_while_a_password_is_hashed() -> None:
    await hash_password("loads the library first")
    longest, last, stop = 0.0, time.perf_counter(), asyncio.Event()

    async def beat() -> None:
        nonlocal longest, last
        while not stop.is_set():
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()

    task = asyncio.create_task(beat())
    began = time.perf_counter()
    await asyncio.gather(*(hash_password("some long password") for _ in range(6)))
    took = time.perf_counter() - began
    stop.set()
    await task
    assert longest < took / 2, "the loop stood still"
