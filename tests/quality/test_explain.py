"""Why a task has its label, in one sentence."""

from karat.quality.explain import explain_belief


def test_a_belief_is_explained_by_who_said_what() -> None:
    words = explain_belief(["cat", "dog"], [0.04, 0.96], [0.6, 0.4], ["dog", "dog", "cat"])
    assert words.text == "dog with 96.0%: the model expected cat (60.0%) and 2 of 3 people said dog."
    assert [one.code for one in words.said] == ["why.both"]
    assert explain_belief(["a", "b"], [0.6, 0.4], [0.6, 0.4], []).text == "a with 60.0%: the model expected a (60.0%)."
    assert explain_belief(["a", "b"], [0.6, 0.4], None, ["a"]).text == "a with 60.0%: 1 of 1 person said a."
    assert explain_belief(["a", "b"], [0.5, 0.5], None, []).text == "a with 50.0%: nobody has looked yet."
