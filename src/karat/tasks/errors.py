"""What can go wrong with the work."""

from karat.errors import Conflict, Invalid, NotFound


class ProjectNotFound(NotFound):
    """There is no such project."""

    code = "project.not_found"


class TaskNotFound(NotFound):
    """There is no such task."""

    code = "task.not_found"


class AssignmentNotFound(NotFound):
    """There is no such assignment."""

    code = "assignment.not_found"


class KindDoesNotFit(Invalid):
    """This kind of annotation does not describe assets of the dataset's modality."""

    code = "project.kind_does_not_fit"


class TargetInvalid(Invalid):
    """The quality target does not fit the kind of annotation; `faults` says where."""

    code = "project.target_invalid"


class NotAssigned(Conflict):
    """The task is not assigned to you."""

    code = "task.not_assigned"


class LeaseEnded(Conflict):
    """The time to hold this task is over and it went back; nothing of your work is lost here, take it again to send it."""

    code = "task.lease_ended"


class ClaimRaced(Conflict):
    """Another request of yours took the same task at the same moment; ask again."""

    code = "task.claim_raced"
    retryable = True


class AlreadySubmitted(Conflict):
    """This task was handed in already."""

    code = "task.already_submitted"


class SubmissionDiffers(Conflict):
    """This submission id was used before for other content."""

    code = "submission.differs"


class SubmissionFinal(Conflict):
    """The answer can no longer be taken back: work was built on it, or its time is over."""

    code = "submission.final"


class OntologyStale(Conflict):
    """The label classes have changed since the task was loaded; load it again."""

    code = "ontology.stale"


class DraftStale(Conflict):
    """A newer draft of this task was saved already, perhaps in another tab."""

    code = "draft.stale"


class AnnotationsInvalid(Invalid):
    """The annotations are not right; `faults` lists everything found."""

    code = "annotations.invalid"


class ReviewInvalid(Invalid):
    """The review is not complete; `faults` says what is missing."""

    code = "review.invalid"


class ProjectPaused(Conflict):
    """The project is paused; its lead can let it go on."""

    code = "project.paused"


class InstructionsInvalid(Invalid):
    """The sections of the instructions are not right; `faults` lists everything found."""

    code = "instructions.invalid"


class InstructionsNotFound(NotFound):
    """The project has no such version of its instructions."""

    code = "instructions.not_found"


class TemplateNotFound(NotFound):
    """There is no such template; `/api/project-templates` lists them."""

    code = "template.not_found"


class KindMissing(Invalid):
    """A project needs a kind of annotation, or a template that has one."""

    code = "project.kind_missing"


class TargetFixed(Conflict):
    """Labels were drawn for a check under this target; what it promises can no longer be changed, only its budget."""

    code = "project.target_fixed"


class OverlapFixed(Conflict):
    """People have answered already; how many answers a task gets can no longer be changed. Clone the project instead."""

    code = "project.overlap_fixed"


class NoPilot(Conflict):
    """The project has no pilot that waits to be started."""

    code = "project.no_pilot"
