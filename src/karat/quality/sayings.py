"""What people read of the engine: what it does with a project now and why, what waits for them, why a label is what it is."""

from karat.kit.sayings import Saying

# Asking
FIRST_BATCH = Saying("round.first", "Nothing is known yet: the first batch is drawn at random.")
GOES_ON = Saying(
    "round.changed",
    "The last batch changed {n_changed:,} {n_changed:label|labels}; asking goes on until {n_batches:,} batches in a row"
    " change at most {n_calm:,}.",
)
ANSWERS_OWED = Saying(
    "round.owed",
    "The check failed: {n:,} more {n:answer is|answers are} asked for before the next one.",
)
LEARNING = Saying("round.learning", "The model learns from the newest answers.")
NEW_TASKS = Saying("round.new_tasks", "New tasks have come.")
PREDICTIONS_AWAITED = Saying(
    "predictions.awaited",
    "The predictions of a model are awaited: bind a model to the project, or import what one said.",
)
NOT_PREDICTED = Saying("predictions.missing", "Nothing is predicted for some tasks: people label them.")

# Review
UNSURE = Saying(
    "review.unsure",
    "Unsure with nobody left to ask: {n:,} {n:asset|assets}, which a reviewer decides.",
)
UNSURE_OBJECTS = Saying(
    "review.unsure_objects",
    "The answers leave {n:,} {n:task|tasks} unsure, which a reviewer decides.",
)
LEFT_TO_REVIEW = Saying("review.left", "A reviewer decides what is left; then the random check begins.")

# The check
FEW_LABELS = Saying(
    "check.few_labels",
    "A certificate for so few labels needs {n:,} {n:check|checks}, nearly all of them: checking begins at once.",
)
ALL_ANSWERED = Saying(
    "check.all_answered",
    "Everybody who may be asked has answered: labels are frozen and {n:,} random {n:check follows|checks follow}.",
)
CALM = Saying(
    "check.calm",
    "The last {n_batches:,} batches changed at most {n_calm:,} {n_calm:label|labels} each: labels are frozen and {n:,}"
    " random {n:check follows|checks follow}.",
)
LABELLED = Saying("check.labelled", "Every task has its label: the random check begins.")
TAKEN_BACK = Saying(
    "check.taken_back",
    "An answer was taken back; when it is given again, the random check begins.",
)
FROZEN = Saying(
    "check.frozen",
    "The labels are frozen; {n:,} of them, drawn at random, {n:is|are} checked before the first look.",
)
LOOKED = Saying(
    "check.looked",
    "{n_wrong:,} of {n_checked:,} checked labels were wrong; up to {n_next:,} are checked before the next look.",
)
LOOKED_AT_LOSS = Saying(
    "check.looked_at_loss",
    "{n_checked:,} labels were checked, with a mean loss of {mean_loss:.2%}; what is left can be {bound:.2%}. {n_next:,}"
    " are checked before the next look.",
)
CHECK_FAILED = Saying(
    "check.failed",
    "{n_wrong:,} of {n_checked:,} checked labels were wrong, too many: people are asked more, then a fresh draw is"
    " checked.",
)
CERTIFIED = Saying(
    "certified.labels",
    "At most {n_left:,} of the {n_labels:,} labels are wrong ({bound:.4g%}; promised: {target:.4g%}), with {confidence:.4g%}"
    " confidence.",
)
CERTIFIED_OBJECTS = Saying(
    "certified.objects",
    "The {n_labels:,} labels have a mean loss of at most {bound:.4g%} (promised: {target:.4g%}), with {confidence:.4g%}"
    " confidence.",
)
CHECKED = Saying("certified.checked", "{n_checked:,} were drawn at random and checked by {reference}.")
ALL_BY_REFERENCE = Saying(
    "certified.all_by_reference",
    "Nothing was left to draw, since the reference itself decided every label: {reference}. No second person has checked"
    " them.",
)
SIMULATED = Saying("certified.simulated", "The annotators are simulated.")

# A budget
USED_UP = Saying("budget.used_up", "The budget of {n:,} {n:answer|answers} is used up.")
USED_UP_ALMOST = Saying(
    "budget.used_up_almost",
    "The budget of {n:,} {n:answer|answers} is used up ({n_left:,} left, too few for another task).",
)
CHECKS_MISSING = Saying(
    "budget.checks_missing",
    "For the certificate at least {n:,} {n:check is|checks are} missing: raise the budget to go on.",
)

# A pilot
PILOT_EMPTY = Saying(
    "pilot.empty",
    "The pilot has no answers: nothing is known from it. Start the project, or raise its budget.",
)
PILOT_DONE = Saying(
    "pilot.done",
    "The pilot is done: {n_answers:,} {n_answers:answer|answers} to {n_tasks:,} {n_tasks:task|tasks}.",
)
PILOT_TOOK = Saying("pilot.took", "Half of the answers took at most {seconds:.3g} s.")
PILOT_AGREEMENT = Saying(
    "pilot.agreement",
    "They agree by {agreement:.2f} on average, over all tasks by at least {at_least:.2f} (95 % confidence).",
)
PILOT_ALONE = Saying(
    "pilot.alone",
    "No task has two answers, so nothing is known of how far people agree.",
)
PILOT_REST = Saying(
    "pilot.rest",
    "The rest takes {n_labels:,} {n_labels:label|labels} and, if the first check succeeds, {n_low:,} to {n_high:,}"
    " checks.",
)
PILOT_UNFORESEEN = Saying(
    "pilot.unforeseen",
    "How many answers the rest takes cannot be said: so few do not show how fast the model learns.",
)
PILOT_START = Saying("pilot.start", "Start the project to go on.")

# What needs a decision
NEEDS_START = Saying("need.pilot", "The pilot is done: start the project.")
NEEDS_BUDGET = Saying("need.budget", "The budget is used up.")
NEEDS_REVIEW = Saying("need.review", "Tasks wait for a reviewer.")
NEEDS_CHECK = Saying("need.check", "Drawn labels wait for their check.")
NEEDS_PEOPLE = Saying("need.people", "Every task gets {n:,} answers, of as many people: invite more.")
NEEDS_IMPORT = Saying("need.import_faults", "Rows of imports could not be taken.")
NEEDS_ASSETS = Saying(
    "need.assets_waiting",
    "Assets came after the labels were frozen; they are not part of the certificate.",
)

# Why a label is what it is
WHY_CHECKED = Saying("why.checked", "It was drawn for the check: the label is what the reviewer said.")
WHY_REVIEWED = Saying("why.reviewed", "A reviewer decided the label.")
WHY_NOBODY = Saying("why.nobody", "Nobody has looked at it yet.")
WHY_MODEL = Saying("why.model", "{label} with {share:.1%}: the model expected {expected} ({expected_share:.1%}).")
WHY_PEOPLE = Saying(
    "why.people",
    "{label} with {share:.1%}: {n_agreeing:,} of {n_people:,} {n_people:person|people} said {label}.",
)
WHY_BOTH = Saying(
    "why.both",
    "{label} with {share:.1%}: the model expected {expected} ({expected_share:.1%}) and {n_agreeing:,} of {n_people:,}"
    " {n_people:person|people} said {label}.",
)
WHY_NOTHING = Saying("why.nothing", "{label} with {share:.1%}: nobody has looked yet.")
WHY_PREDICTED = Saying(
    "why.predicted",
    "A model predicted {n:,} {n:object|objects}; nobody has looked at it yet.",
)
WHY_ONE_ANSWER = Saying("why.one_answer", "One person has answered; the label is that answer.")
WHY_OBJECTS = Saying(
    "why.objects",
    "{n_people:,} people answered and agree by {agreement:.0%}; of {n_objects:,} {n_objects:object|objects} that somebody"
    " marked, {n_kept:,} {n_kept:is|are} more likely there than not.",
)
