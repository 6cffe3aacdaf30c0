"""Keeping an installation: backups that are consistent while it works, verified, and restored whole or not at all."""

from karat.operations.backup import back_up
from karat.operations.errors import (
    BackupDamaged,
    BackupExists,
    BackupRunning,
    BackupSealed,
    NotABackup,
    PassphraseWrong,
    RestoreTargetInUse,
    SecretMissing,
)
from karat.operations.restoring import restore
from karat.operations.types import BackupReport, Manifest, Progress
from karat.operations.verification import verify_backup

__all__ = [
    "BackupDamaged",
    "BackupExists",
    "BackupReport",
    "BackupRunning",
    "BackupSealed",
    "Manifest",
    "NotABackup",
    "PassphraseWrong",
    "Progress",
    "RestoreTargetInUse",
    "SecretMissing",
    "back_up",
    "restore",
    "verify_backup",
]
