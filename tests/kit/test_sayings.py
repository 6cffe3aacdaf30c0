"""Sentences of the server: English as it should be, and known to the web app by the same codes and facts."""

from collections import Counter

import pytest
from scripts import make_sayings

from karat.kit.sayings import Said, Saying, Words

WAITS = Saying("x.waits", "{n:,} {n:task waits|tasks wait} for {name}, {share:.1%} done, {left:.4g%} left.")


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "1 task waits for Ann"), (0, "0 tasks wait for Ann"), (1234, "1,234 tasks wait for Ann")],
)
def test_words_go_with_their_number(n: int, text: str) -> None:
    said = WAITS(n=n, name="Ann", share=0.5, left=0.012345)
    assert said.text == f"{text}, 50.0% done, 1.234% left."
    assert said.said == (Said(code="x.waits", facts={"n": n, "name": "Ann", "share": 0.5, "left": 0.012345}),)


def test_one_sentence_after_the_other_keeps_both() -> None:
    both = Saying("a", "First.")() + Saying("b", "Then {n:,}.")(n=2)
    assert both == Words(text="First. Then 2.", said=(Said(code="a"), Said(code="b", facts={"n": 2})))


def test_a_fact_that_is_missing_is_no_sentence() -> None:
    with pytest.raises(KeyError):
        WAITS(n=1)


def test_a_fact_is_never_a_place_for_another() -> None:
    assert WAITS(n=1, name="{share} {0}", share=0.5, left=0).text.startswith("1 task waits for {share} {0}, 50.0%")


def test_no_two_sentences_share_a_code_and_each_is_whole() -> None:
    sayings = make_sayings.sayings()
    assert len(sayings) > 40
    assert [code for code, n in Counter(one.code for one in sayings).items() if n > 1] == []
    assert [one.code for one in sayings if not one.english.endswith(".")] == []


def test_the_contract_with_the_web_app_has_every_sentence_as_it_is() -> None:
    assert make_sayings.PATH.read_text() == make_sayings.contract(), "run scripts/make_sayings.py"
