"""What an actor of a cluster does to its orders, without Ray: what it finds, what it refuses, what it replies."""

import contextlib
import errno
import os

import pytest

from engine.batch.cluster.orders import Fault, Finished, Misnamed, There, order_of
from engine.batch.cluster.room import Room
from engine.batch.cluster.slate import seal_of
from engine.batch.cluster.worker import opened, sealed
from engine.batch.run import Run
from engine.batch.sidecars import Recipes
from engine.batch.storage.stores import AwayError
from engine.progress import Progress
from tests.engine.batch.on_cluster import a_worker, hash_of, parts
from tests.painting import is_coloured, make_photo, run


@pytest.fixture
def photos(tmp_path):
    for number in range(3):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


@contextlib.contextmanager
def driving(*paths, **options):
    """A run that has planned and holds its locks: the parts, the orders, and the seals."""
    made = parts(*paths, **options)
    drive = Run(made.options, Progress(), lambda event: None)
    with contextlib.ExitStack() as held:
        found = drive.scan()
        plan = drive.plan(found, drive.open_shelves(found, held), Recipes(made.options, hash_of))
        seals = {item.shelf.place.records: seal_of(item.shelf.place) for item in plan.items}
        yield made, [order_of(item, number) for number, item in enumerate(plan.items)], seals


def test_orders_and_replies_pass_through_a_block(photos):
    with driving(photos) as (made, orders, seals):
        assert opened(sealed(orders)) == orders
        replies = opened(a_worker(made, seals)(sealed(orders)))
    assert [type(reply) for reply in replies] == [Finished] * 3
    assert [reply.number for reply in replies] == [0, 1, 2]
    for reply, order in zip(replies, orders, strict=True):
        assert (reply.row.state, reply.outcome.name) == ("done", "done")
        assert reply.made.size == order.output.stat().st_size
        assert is_coloured(order.output)
        assert all(seconds > 0 for seconds in reply.seconds)


def test_what_a_lost_attempt_has_made_is_found_and_not_made_again(photos):
    with driving(photos) as (made, orders, seals):
        a_worker(made, seals).replies(orders[:2])
        times = [order.output.stat().st_mtime_ns for order in orders[:2]]
        replies = a_worker(made, seals).replies(orders)
        assert [type(reply) for reply in replies] == [There, There, Finished]
        assert [order.output.stat().st_mtime_ns for order in orders[:2]] == times
        assert replies[0].made.mtime_ns == times[0]


def test_without_a_mark_what_is_there_is_never_replaced_later(photos):
    with driving(photos, mark=False) as (made, orders, seals):
        a_worker(made, seals).replies(orders)
        replies = a_worker(made, seals).replies(orders)
    assert [reply.made.mtime_ns for reply in replies] == [0, 0, 0]


def test_a_file_of_somebody_else_that_came_meanwhile_is_left_alone(photos):
    with driving(photos) as (made, orders, seals):
        make_photo(orders[0].output, seed=9)
        theirs = orders[0].output.read_bytes()
        replies = a_worker(made, seals).replies(orders)
        assert orders[0].output.read_bytes() == theirs
    assert [reply.outcome.name for reply in replies] == ["failed", "done", "done"]
    assert "already there" in replies[0].outcome.cause
    assert replies[0].row.state == "failed"


def test_an_output_of_before_is_replaced_once(photos):
    run(photos)
    with driving(photos, quality=50) as (made, orders, seals):
        assert all(order.replace for order in orders)
        former = [order.output.read_bytes() for order in orders]
        assert [type(reply) for reply in a_worker(made, seals).replies(orders)] == [Finished] * 3
        assert all(order.output.read_bytes() != bytes_ for order, bytes_ in zip(orders, former, strict=True))
        assert [type(reply) for reply in a_worker(made, seals).replies(orders)] == [There] * 3


def test_photos_that_cannot_be_coloured_are_replies_too(photos):
    (photos / "1.jpg").write_bytes(b"nothing")
    make_photo(photos / "x.png").replace(photos / "2.jpg")
    with driving(photos) as (made, orders, seals):
        done, failed, misnamed = a_worker(made, seals).replies(orders)
    assert done.outcome.name == "done"
    assert (failed.outcome.name, failed.row.state) == ("failed", "failed")
    assert failed.outcome.cause
    assert misnamed == Misnamed(2, "PNG")


def test_a_photo_that_this_program_made_is_skipped(photos):
    run(photos / "0.jpg", output=photos.parent / "single")
    os.replace(photos.parent / "single" / "0.jpg", photos / "0.jpg")
    with driving(photos) as (made, orders, seals):
        (skipped, *_) = a_worker(made, seals).replies(orders)
    assert (skipped.outcome.name, skipped.row) == ("skipped", None)


def test_a_machine_that_sees_another_folder_says_so(photos):
    with driving(photos) as (made, orders, seals):
        (fault,) = a_worker(made, dict.fromkeys(seals, b"another run")).replies(orders)
        assert isinstance(fault, Fault)
        assert str(photos.with_name("photos-color")) in fault.sentence
        assert "same path" in fault.advice
        assert not orders[0].output.exists()


def test_a_machine_that_does_not_see_the_photos_says_so(photos):
    with driving(photos) as (made, orders, seals):
        away = photos.rename(photos.with_name("away"))
        photos.mkdir()
        (fault,) = a_worker(made, seals).replies(orders)
        photos.rmdir()
        away.rename(photos)
    assert "are not to be seen there" in fault.sentence


def test_a_machine_with_another_model_says_so(photos):
    with driving(photos) as (made, orders, seals):
        (fault,) = a_worker(made, seals, model_hash="b" * 64).replies(orders)
    assert "is another one there" in fault.sentence


def test_work_for_a_run_that_is_over_publishes_nothing(photos):
    with driving(photos) as (made, orders, seals):
        worker = a_worker(made, seals)
        assert isinstance(worker.replies(orders[:1])[0], Finished)
    (fault,) = worker.replies(orders[1:])  # its lock is given back
    assert isinstance(fault, Fault)
    assert not orders[1].output.exists()


def test_a_photo_larger_than_the_room_goes_alone():
    room = Room(10)
    with room.held(50) as correct:
        correct(4)
        with room.held(6):
            pass
    with room.held(10):
        pass


def test_an_output_that_was_edited_meanwhile_is_never_replaced_later(photos):
    run(photos)
    with driving(photos, quality=50) as (made, orders, seals):
        edited = run(photos, output=photos.parent / "edited", quality=80)
        del edited
        os.replace(photos.parent / "edited" / "0.jpg", orders[0].output)  # its mark is kept
        theirs = orders[0].output.read_bytes()
        reply, *_ = a_worker(made, seals).replies(orders)
        assert orders[0].output.read_bytes() == theirs
    assert reply.made.mtime_ns == 0


def test_a_look_that_fails_costs_its_photo_alone(photos, monkeypatch):
    def refused(path):
        if path.name == "1.jpg":
            raise PermissionError(errno.EACCES, "Access Denied")

    monkeypatch.setattr("engine.batch.cluster.worker.look_at", refused)
    with driving(photos) as (made, orders, seals):
        replies = a_worker(made, seals).replies(orders)
    assert [reply.outcome.name for reply in replies] == ["done", "failed", "done"]


def test_a_store_that_is_away_while_it_is_looked_at_is_waited_for(photos, monkeypatch):
    away = [AwayError(errno.ENETUNREACH, "nobody there")] * 2

    def look(path):
        if path.name == "1.jpg" and away:
            raise away.pop()

    monkeypatch.setattr("engine.batch.cluster.worker.look_at", look)
    monkeypatch.setattr("engine.batch.outage.INTERVAL", 0.01)
    told = []
    with driving(photos) as (made, orders, seals):
        replies = a_worker(made, seals, told=told).replies(orders)
    assert [reply.outcome.name for reply in replies] == ["done", "done", "done"]
    assert [event.name for event in told if event.name in ("waiting", "resumed")] == ["waiting", "resumed"]
