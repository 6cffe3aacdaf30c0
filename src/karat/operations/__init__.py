"""Keeping an installation: backups that are consistent while it works, verified, and restored whole or not at all."""

from karat.operations.backup import back_up
from karat.operations.errors import (
    BackupDamaged,
    BackupExists,
    BackupRunning,
    BackupSealed,
    MediaUnwanted,
    MediaWanted,
    NotABackup,
    PassphraseWrong,
    RestoreTargetInUse,
    SecretMissing,
    UpgradeNotBackedUp,
)
from karat.operations.restoring import restore
from karat.operations.types import BackupReport, Manifest, Progress
from karat.operations.upgrading import kept_before_upgrade
from karat.operations.verification import verify_backup

__all__ = [
    "BackupDamaged",
    "BackupExists",
    "BackupReport",
    "BackupRunning",
    "BackupSealed",
    "Manifest",
    "MediaUnwanted",
    "MediaWanted",
    "NotABackup",
    "PassphraseWrong",
    "Progress",
    "RestoreTargetInUse",
    "SecretMissing",
    "UpgradeNotBackedUp",
    "back_up",
    "kept_before_upgrade",
    "restore",
    "verify_backup",
]
