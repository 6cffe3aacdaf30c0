"""What can go wrong with backups."""

from karat.errors import Conflict, Invalid, NotFound, Unavailable


class NotABackup(Invalid):
    """The file is no backup of Karat."""

    code = "backup.not_a_backup"


class BackupDamaged(Invalid):
    """The backup is cut off or was changed; take another one."""

    code = "backup.damaged"


class BackupSealed(Invalid):
    """The backup is encrypted; give its passphrase with --passphrase-file."""

    code = "backup.sealed"


class PassphraseWrong(Invalid):
    """The passphrase is not the one that the backup was encrypted with."""

    code = "backup.passphrase_wrong"


class PassphraseShort(Invalid):
    """The passphrase is too short: whoever finds the backup can try many in a second."""

    code = "backup.passphrase_short"


class BackupExists(Conflict):
    """There is a file of this name already; choose another, or a folder."""

    code = "backup.exists"


class BackupRunning(Unavailable):
    """Another backup of this installation is being made."""

    code = "backup.running"


class UpgradeNotBackedUp(Unavailable):
    """The backup before the upgrade could not be made; make room, or set KARAT_UPGRADE_BACKUP=no if you have one."""

    code = "upgrade.not_backed_up"


class RestoreTargetInUse(Conflict):
    """There is something here already; restore into a new folder and an empty database."""

    code = "restore.target_in_use"


class SecretMissing(Invalid):
    """The backup was made without secret.key; give it with --secret-key FILE."""

    code = "restore.secret_missing"


class MediaWanted(Invalid):
    """The backup was made without media; give the folder where they lie with --media DIR."""

    code = "restore.media_wanted"


class MediaUnwanted(Invalid):
    """The backup holds its media; --media is for one that was made without them."""

    code = "restore.media_unwanted"


class SecretOfAnother(Invalid):
    """This secret.key is not that of the backup."""

    code = "restore.secret_of_another"


class NothingToBackUp(NotFound):
    """There is no Karat here; `karat serve --data-dir DIR` makes one."""

    code = "backup.nothing"


class SignerUnknown(Invalid):
    """The backup was signed with another key than the one that was asked for."""

    code = "backup.signer_unknown"


class RestoreRunning(Unavailable):
    """Another restore into this folder is under way."""

    code = "restore.running"
