"""Which exit code an error stands for. Anything not listed is a bug and keeps its traceback."""

from __future__ import annotations

from app.answer import FAILED, GATE, INVALID, NO_SANDBOX, USAGE


def exit_code(error: Exception) -> int | None:
    """Called only when something went wrong, so its imports cost nothing before that."""
    from sqlite3 import DatabaseError

    from app.handed import HandedWrong
    from app.runs import RunUnknown
    from app.settings import ConfigError
    from backlog.calibration.versions import CalibrationUnknown
    from backlog.custom import CustomInvalid
    from backlog.edit import EditInvalid
    from backlog.file.nodes import EditRefused
    from backlog.file.swap import FileBusy
    from backlog.focus import FocusUnknown
    from backlog.item import IllegalMove
    from backlog.scans import ScanUnknown
    from backlog.source import SourceBroken
    from backlog.store import BacklogBroken, ClaimLost, ItemExists, ItemUnknown
    from checks.finding import ScannerFailed
    from evidence.record import RecordBroken, RecordTaken
    from evidence.statement import StatementInvalid
    from forge.clone import BaseUnknown, BranchUnknown
    from forge.commit import PublishRefused
    from forge.pulls import PullInvalid
    from forge.repository import RepositoryInvalid
    from model.port import ModelMisconfigured, ModelUnavailable
    from model.replay import Diverged
    from sandbox.git import GitFailed
    from sandbox.policy import SandboxUnavailable
    from sandbox.scope import ScopeInvalid
    from sandbox.sign import SignFailed
    from sandbox.toolchain import ToolchainMissing
    from sandbox.workspace import TreeRefused

    table: tuple[tuple[type[Exception], int], ...] = (
        (SandboxUnavailable, NO_SANDBOX),
        (ScopeInvalid, INVALID),
        (ConfigError, INVALID),
        (CustomInvalid, INVALID),
        (FocusUnknown, INVALID),
        (CalibrationUnknown, USAGE),
        (ScanUnknown, USAGE),
        (RepositoryInvalid, INVALID),
        (ToolchainMissing, INVALID),
        (ModelMisconfigured, INVALID),
        (ItemUnknown, USAGE),
        (BranchUnknown, USAGE),
        (BaseUnknown, INVALID),
        (HandedWrong, USAGE),
        (EditInvalid, USAGE),
        (SourceBroken, INVALID),
        (EditRefused, INVALID),
        (FileBusy, FAILED),
        (ItemExists, USAGE),
        (ClaimLost, FAILED),
        (IllegalMove, USAGE),
        (RunUnknown, USAGE),
        (StatementInvalid, GATE),
        (RecordBroken, GATE),
        (Diverged, GATE),
        (BacklogBroken, FAILED),
        (ModelUnavailable, FAILED),
        (RecordTaken, FAILED),
        (PullInvalid, FAILED),
        (PublishRefused, FAILED),
        (SignFailed, FAILED),
        (DatabaseError, FAILED),
        (ScannerFailed, FAILED),
        (GitFailed, FAILED),
        (TreeRefused, FAILED),
        (OSError, FAILED),
    )
    return next((code for kind, code in table if isinstance(error, kind)), None)
