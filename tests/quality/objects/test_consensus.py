"""What several answers make together: known cases, small enough to say what must come out."""

from typing import Any

import pytest

from karat.quality.objects.consensus import agree
from karat.quality.objects.types import Agreed, Annotations, Evidence, TaskAnswers
from tests.support.boxes import CLASSES, box

CUP = box("cup", 20, 20, 50, 50)
MOVED = box("cup", 24, 20, 50, 50)
FAR = box("cup", 130, 130, 40, 40)


def evidence(*tasks: tuple[list[Annotations], Annotations | None], **changes: Any) -> Evidence:
    """Tasks by the answers to them and what the reference decided; the annotators answer in order."""
    return Evidence(
        kind="image.box",
        class_names=list(CLASSES),
        match_overlap=changes.get("match_overlap", 0.5),
        min_agreement=changes.get("min_agreement", 0.5),
        n_annotators=max(len(answers) for answers, _ in tasks),
        tasks=[TaskAnswers(answers=list(enumerate(answers)), verified=verified) for answers, verified in tasks],
    )


def agreed(*answers: Annotations, **changes: Any) -> Agreed:
    return agree(evidence((list(answers), None), **changes))


def test_one_answer_is_taken_as_it_is_and_nothing_is_claimed_of_it() -> None:
    found = agreed([CUP, FAR])
    (task,) = found.tasks
    assert [one["payload"]["x"] for one in task.annotations] == [20, 130]
    assert (task.agreement, task.expected_loss, task.objects, task.needs_review) == (None, None, [], False)
    assert (found.skills[0].detection, found.skills[0].false_share, found.skills[0].overlap) == (None, None, None)


def test_people_who_say_that_nothing_is_there_agree() -> None:
    (task,) = agreed([], [], []).tasks
    assert (task.annotations, task.agreement, task.needs_review, task.expected_loss) == ([], 1.0, False, 0.0)


def test_a_box_of_two_of_three_is_kept_and_one_that_only_one_drew_is_not() -> None:
    everybody = ([[CUP], [CUP], [CUP]], None)
    found = agree(evidence(*[everybody] * 20, ([[CUP, FAR], [MOVED], []], None)))
    task = found.tasks[-1]
    assert [one["payload"]["x"] for one in task.annotations] == [pytest.approx(22, abs=2)]
    assert sorted(one["n_marks"] for one in task.objects) == [1, 2]
    # Pairs of answers: {2 boxes, 1 box, one match} 2/3, {2, 0} 0, {1, 0} 0.
    assert task.agreement == pytest.approx((2 / 3 + 0 + 0) / 3)
    assert task.needs_review
    assert not found.tasks[0].needs_review


def test_the_class_that_most_gave_wins_and_a_tie_goes_to_review() -> None:
    fork = box("fork", 20, 20, 50, 50)
    (task,) = agreed([CUP], [CUP], [fork], min_agreement=0.0).tasks
    assert task.classes == ["cup"]
    assert set(task.objects[0]["classes"]) == {"cup", "fork"}
    (tie,) = agreed([CUP], [fork], min_agreement=0.0).tasks
    assert tie.needs_review
    assert tie.n_unsure == 1


def test_answers_that_agree_less_than_the_target_asks_go_to_review_even_if_each_object_is_sure() -> None:
    same = ([[CUP], [CUP], [CUP]], None)
    apart = ([[CUP], [CUP], [CUP, FAR]], None)
    for least, expected in ((0.5, False), (0.95, True)):
        task = agree(evidence(*[same] * 40, apart, min_agreement=least)).tasks[-1]
        assert (task.n_unsure, task.needs_review) == (0, expected)


def test_what_is_the_same_thing_follows_from_the_overlap_that_the_target_names() -> None:
    # 50 wide and moved by 10: 40 shared of 60
    moved = box("cup", 30, 20, 50, 50)
    assert len(agreed([CUP], [moved], match_overlap=0.6).tasks[0].objects) == 1
    assert len(agreed([CUP], [moved], match_overlap=0.7).tasks[0].objects) == 2


def test_a_person_is_known_by_what_the_reference_decided_where_it_has() -> None:
    found = agree(evidence(([[CUP], [FAR]], [CUP]), ([[MOVED, FAR], []], [CUP])))
    first, second = found.skills
    assert (first.n_answers, first.detection, first.false_share) == (2, 1.0, pytest.approx(1 / 3))
    # 50 wide, moved by 4: 46 / 54 in one task, all of it in the other
    assert first.overlap == pytest.approx((1 + 46 / 54) / 2)
    assert (second.detection, second.false_share, second.overlap) == (0.0, 1.0, None)


def test_nobody_is_blamed_for_a_class() -> None:
    found = agree(evidence(([[box("fork", 20, 20, 50, 50)]], [CUP])))
    assert (found.skills[0].detection, found.skills[0].false_share) == (1.0, 0.0)
