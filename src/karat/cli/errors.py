"""What commands refuse before a service is asked, and how they tell that a job has failed."""

from karat.errors import Invalid, KaratError, NotFound


class NoDataFolder(NotFound):
    """There is no Karat in this folder; `karat serve --data-dir DIR` makes one."""

    code = "cli.no_data_folder"


class NotSetUp(NotFound):
    """This installation has no owner yet; start it once with `karat serve`."""

    code = "cli.not_set_up"


class FileUnreadable(NotFound):
    """The file cannot be read."""

    code = "cli.file_unreadable"


class FileUnwritable(Invalid):
    """The file cannot be written."""

    code = "cli.file_unwritable"


class NoSourceCheckout(NotFound):
    """This needs a source checkout of Karat; it is not part of the installed package."""

    code = "cli.no_source_checkout"


class RoleUnknown(Invalid):
    """There is no such role."""

    code = "cli.role_unknown"


class ScopeUnknown(Invalid):
    """There is no such scope of a key."""

    code = "cli.scope_unknown"


class EmailInvalid(Invalid):
    """This is no e-mail address."""

    code = "cli.email_invalid"


class MemberUnknown(NotFound):
    """No member has this e-mail address; `karat people list` shows who has which."""

    code = "cli.member_unknown"


class JobStateUnknown(Invalid):
    """There is no such state of a job."""

    code = "cli.job_state_unknown"


class BenchUnknown(NotFound):
    """There is no such benchmark."""

    code = "cli.bench_unknown"


class SampleUnusable(Invalid):
    """The file is no NumPy archive of `images` (n, height, width) and as many `labels`."""

    code = "cli.sample_unusable"


class ModalityUnknown(Invalid):
    """There is no such modality."""

    code = "cli.modality_unknown"


class NameAmbiguous(Invalid):
    """Several have this name; give the id."""

    code = "cli.name_ambiguous"


class CheckpointUnreadable(Invalid):
    """The file is no seal of `karat audit checkpoint`."""

    code = "cli.checkpoint_unreadable"


class NothingSealed(NotFound):
    """Nothing is sealed yet; the server seals new entries every few seconds while it runs."""

    code = "cli.nothing_sealed"


class InputInvalid(Invalid):
    """What was given is not valid."""

    code = "cli.input_invalid"


class BucketUnreachable(Invalid):
    """The bucket cannot be read, so it was not connected."""

    code = "cli.bucket_unreachable"


class SettingsUnreadable(Invalid):
    """The file holds no JSON object."""

    code = "cli.settings_unreadable"


class TasksNotMade(KaratError):
    """The project is there, but its tasks could not be made; `karat jobs retry` has that tried again."""

    code = "cli.tasks_not_made"
