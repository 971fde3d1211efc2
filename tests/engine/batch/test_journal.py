import sqlite3
from functools import partial

import pytest

from engine.batch import journal as journals
from engine.batch.journal import JournalError, Made, Row, empty_journal, open_journal, peek


class WithoutWal(sqlite3.Connection):
    """What a network folder allows."""

    def execute(self, sql, *parameters):
        if "WAL" in sql:
            raise sqlite3.OperationalError("locking protocol")
        return super().execute(sql, *parameters)


@pytest.fixture
def journal(tmp_path):
    opened, notes = open_journal(tmp_path)
    assert notes == ()
    yield opened
    opened.close()


def test_rows_come_back_as_they_went(journal, tmp_path):
    row = Row(
        source=b"../a\xff.jpg", size=1 << 40, mtime_ns=-5, state="done", output=b"a", notes=("one", "two"), seconds=0.5
    )
    journal.store(row, Made(row.source, 7, 8))
    assert journal.row(row.source) == row
    assert journal.row(b"other") is None
    assert journal.made(b"a") == Made(row.source, 7, 8)
    assert journal.outputs() == [b"a"]
    copy = peek(tmp_path)
    assert copy is not None
    assert copy.row(row.source) == row
    copy.close()


def test_forgetting_keeps_what_is_ours(journal):
    journal.store(Row(source=b"s", output=b"a", state="done"), Made(b"s", 1, 2))
    journal.forget()
    assert journal.row(b"s") is None
    assert journal.outputs() == [b"a"]


def test_unfinished_rows(journal):
    journal.store(Row(source=b"s", state="saving"))
    journal.store(Row(source=b"t", state="done"))
    assert [row.source for row in journal.unfinished()] == [b"s"]


def test_is_written_through(journal, tmp_path):
    assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_without_wal_a_rollback_journal_serves(tmp_path, monkeypatch):
    monkeypatch.setattr(journals.sqlite3, "connect", partial(sqlite3.connect, factory=WithoutWal))
    opened, _ = open_journal(tmp_path)
    opened.store(Row(source=b"s"))
    assert opened._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    opened.close()


def test_closed_or_failing_is_a_sentence(tmp_path):
    opened, _ = open_journal(tmp_path)
    opened.close()
    with pytest.raises(JournalError, match="cannot be written"):
        opened.store(Row(source=b"s"))
    with pytest.raises(JournalError, match="cannot be read"):
        opened.row(b"s")


def test_peeking_never_raises(tmp_path):
    assert peek(tmp_path) is None
    (tmp_path / "journal.sqlite").write_bytes(b"nonsense" * 500)
    assert peek(tmp_path) is None
    empty = empty_journal()
    assert empty.outputs() == []
    empty.close()
