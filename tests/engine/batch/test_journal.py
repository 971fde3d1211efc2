import sqlite3
from functools import partial

import pytest

from engine.batch import journal as journals
from engine.batch.journal import JournalError, Made, Row, empty_journal, open_journal, peek

MADE = Made(b"s", 1, 2)


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


def test_several_rows_are_written_together_or_not_at_all(journal):
    rows = [Row(source=bytes([number]), state="saving") for number in range(3)]
    journal.store_all([(row, None) for row in rows])
    assert journal.unfinished() == rows
    with pytest.raises(OverflowError):
        journal.store_all([(Row(source=b"new", state="done"), None), (Row(source=b"bad", size=1 << 70), None)])
    assert journal.row(b"new") is None
    journal.store_all([])


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


def test_errors_carry_the_code_of_sqlite(journal):
    journal._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(JournalError, match="full") as raised:
        journal.store(Row(source=b"s", cause="x" * 100000))
    assert raised.value.code == sqlite3.SQLITE_FULL
    assert JournalError("The journal is of a newer version.").code == 0
    journal._connection.execute("PRAGMA max_page_count = 100000")
    journal.store(Row(source=b"s"))  # and it can be written to again
    assert journal.row(b"s") is not None


def test_a_commit_that_fails_leaves_the_journal_usable(tmp_path, monkeypatch):
    class OnceFull(sqlite3.Connection):
        armed = False

        def execute(self, sql, *parameters):
            if OnceFull.armed and sql == "COMMIT":
                OnceFull.armed = False
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *parameters)

    monkeypatch.setattr(journals.sqlite3, "connect", partial(sqlite3.connect, factory=OnceFull))
    opened, _ = open_journal(tmp_path)
    OnceFull.armed = True
    with pytest.raises(JournalError, match="full"):
        opened.store(Row(source=b"s"))
    assert opened.row(b"s") is None
    opened.store(Row(source=b"s"))
    assert opened.row(b"s") is not None
    opened.close()


def test_reconnecting_finds_what_was_written(journal):
    journal.store(Row(source=b"s"))
    journal.reconnect()
    assert not journal.lost
    assert journal.row(b"s") is not None
    journal.store(Row(source=b"t"))
    assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_reconnecting_makes_no_journal(journal, tmp_path):
    file = tmp_path / "journal.sqlite"
    journal.store(Row(source=b"s"))
    for path in list(tmp_path.iterdir()):
        path.rename(path.with_name(f"away{path.suffix}"))
    with pytest.raises(JournalError, match="not there"):
        journal.reconnect()
    assert journal.lost
    assert not file.exists()
    file.write_bytes(b"nonsense" * 500)
    with pytest.raises(JournalError, match="cannot be opened"):
        journal.reconnect()
    assert file.read_bytes() == b"nonsense" * 500


def test_its_log_stays_small_however_much_is_written(journal, tmp_path):
    """With exclusive locking too, SQLite takes the log over into the file from time to time."""
    journal._connection.execute("PRAGMA synchronous = OFF")
    for number in range(3000):
        journal.store(Row(source=b"box/%06d.jpg" % number, state="done", output=b"%06d.jpg" % number), MADE)
    assert (tmp_path / "journal.sqlite-wal").stat().st_size < 5 << 20
    assert (tmp_path / "journal.sqlite").stat().st_size < 3 << 20
