"""What people read of a project's tasks while they wait."""

from karat.kit.sayings import Saying, Words
from karat.tasks.types import Phase

BEING_MADE = Saying("tasks.being_made", "The tasks are being made.")
OVERLAP = Saying("tasks.overlap", "Every task gets {n:,} {n:answer|answers}.")
REJECTED = Saying("tasks.rejected", "A reviewer rejected answers; {n:,} {n:task waits|tasks wait} for new ones.")
STILL_REVIEWED = Saying("tasks.still_reviewed", "A reviewer decides what else is left.")

PILOT_RUNS = Saying(
    "pilot.runs",
    "A pilot comes first: {n_tasks:,} {n_tasks:task|tasks}, drawn at random, are labelled by {n_people:,}"
    " {n_people:person|people each}.",
)
PILOT_STARTED = Saying("pilot.started", "The pilot has ended: the rest is being asked for.")

PAUSED = Saying("work.paused", "The project is paused.")
OTHERS_AWAITED = Saying(
    "work.others_awaited", "You have answered all that is open; other people's answers are awaited."
)
# What annotators read while there is nothing for them; how the engine reasons is for those who lead.
PILOT_ANSWERED = Saying("work.pilot", "The pilot is answered; the lead of the project decides how it goes on.")
NOTHING_NOW = Saying("work.collecting", "There is nothing to label right now.")
BEING_CHOSEN = Saying("work.routing", "The next ones are being chosen; this page goes on by itself.")
BEING_REVIEWED = Saying("work.review_needed", "A reviewer looks at what is left.")
BEING_CHECKED = Saying("work.checking", "The labels are being checked.")
DONE = Saying("work.certified", "This project is done.")

_PLAINLY = {
    Phase.PILOT: PILOT_ANSWERED,
    Phase.COLLECTING: NOTHING_NOW,
    Phase.ROUTING: BEING_CHOSEN,
    Phase.REVIEW_NEEDED: BEING_REVIEWED,
    Phase.CHECKING: BEING_CHECKED,
    Phase.CERTIFIED: DONE,
}


def plainly(phase: Phase) -> Words:
    """Why there is nothing to label, for those who label."""
    return _PLAINLY[phase]()
