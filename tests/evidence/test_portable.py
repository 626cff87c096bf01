"""The part of a record that is handed on with the evidence, and what the evidence itself must not say."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from evidence.portable import portable, record_fault
from evidence.record import RecordBroken
from evidence.sound import unsound
from evidence.statement import StatementInvalid, decode
from tests.app.finished import Finished, finished


@pytest.fixture
def work(tmp_path: Path) -> Finished:
    return finished(tmp_path / "repository")


def test_the_portable_part_ends_where_the_evidence_says_and_has_the_blobs_it_names(work: Finished) -> None:
    files = portable(work.run, work.statement.record_head)
    whole = (work.run / "events.jsonl").read_bytes()
    assert whole.startswith(files["events.jsonl"])
    assert whole.count(b"\n") == files["events.jsonl"].count(b"\n") + 1, "all but that it was published"
    assert len(files) == 3
    assert record_fault(work.run, work.statement, whole=False) == ""


def test_a_head_that_no_line_has_is_another_record(work: Finished) -> None:
    with pytest.raises(RecordBroken, match="another record"):
        portable(work.run, "0" * 64)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"model": "better"}, "model"),
        ({"versions": {"python": "9"}}, "versions"),
        ({"isolation": {"level": "full", "backend": "other"}}, "isolation"),
        ({"item": {"id": "bug-1", "title": "other"}}, "item"),
        ({"red_tree": "0" * 40}, "red_tree"),
        ({"proofs": {"red": "{}"}}, "proof of red"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_evidence_that_says_other_than_the_record_is_told(work: Finished, change: dict[str, Any], what: str) -> None:
    said = work.statement.model_copy(update=change)
    assert f"another {what} than the evidence" in record_fault(work.run, said, whole=False)


def test_nothing_may_lie_beside_a_portable_record(work: Finished, tmp_path: Path) -> None:
    sent = shutil.copytree(work.published.folder / "record", tmp_path / "sent")
    assert record_fault(sent, work.statement, whole=True) == ""
    (sent / "blobs" / "more").write_text("x")
    assert "blobs/more does not belong" in record_fault(sent, work.statement, whole=True)
    assert "goes on" in record_fault(work.run, work.statement, whole=True)


@pytest.mark.parametrize(
    "change",
    [
        {"base": "main"},
        {"patch_sha256": ""},
        {"ids": ()},
        {"locked": {}},
        {"proofs": {}},
        {"proofs": {"red": "{}", "validate": "no"}},
    ],
    ids=str,
)
def test_evidence_that_no_run_writes_is_unsound(work: Finished, change: dict[str, Any]) -> None:
    assert unsound(work.statement) == ""
    assert unsound(work.statement.model_copy(update=change))


def test_evidence_is_read_only_in_the_form_in_which_it_is_written(work: Finished) -> None:
    data = work.statement.encode()
    assert decode(data) == work.statement
    for other in (data + b"\n", data.replace(b": ", b":  ", 1), data.replace(b"{", b'{"base": "x",', 1)):
        with pytest.raises(StatementInvalid):
            decode(other)
