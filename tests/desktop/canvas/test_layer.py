from desktop.canvas.layer import Layer
from desktop.canvas.picture import Source

PHOTO, OTHER = object(), object()
ONE, TWO, THREE, FOUR = (Source(PHOTO, object()) for _ in range(4))


def test_sources_are_the_same_by_what_they_are_of():
    painting = object()
    assert Source(PHOTO, painting) == Source(PHOTO, painting)
    assert hash(Source(PHOTO, painting)) == hash(Source(PHOTO, painting))
    assert Source(PHOTO) != Source(OTHER)
    assert Source(PHOTO) != Source(PHOTO, painting)


def test_what_follows_is_shown_when_it_is_complete():
    layer = Layer()
    layer.show(ONE)
    layer.follow(TWO)
    assert not layer.advance(lambda _: False)
    assert (layer.shown, layer.rendering, layer.newest) == (ONE, TWO, TWO)
    assert layer.advance(lambda source: source == TWO)
    assert (layer.shown, layer.pending) == (TWO, None)


def test_what_was_begun_is_finished_and_of_the_rest_the_newest_comes_next():
    layer = Layer()
    layer.show(ONE)
    for source in (TWO, THREE, FOUR):
        layer.follow(source)
    assert layer.sources == {ONE, TWO, FOUR}
    assert layer.advance(lambda source: source == TWO)
    assert (layer.shown, layer.pending) == (TWO, FOUR)
    assert layer.advance(lambda _: True)
    assert layer.sources == {FOUR}


def test_going_back_to_what_is_shown_gives_the_rest_up():
    layer = Layer()
    layer.show(ONE)
    layer.follow(TWO)
    layer.follow(THREE)
    layer.follow(ONE)
    assert layer.sources == {ONE}


def test_a_replacement_does_not_wait():
    layer = Layer()
    layer.show(ONE)
    layer.follow(TWO)
    layer.replace(THREE)
    assert (layer.pending, layer.newest) == (THREE, THREE)
    layer.replace(ONE)
    assert layer.pending is None


def test_showing_nothing_lets_go_of_all():
    layer = Layer()
    layer.show(ONE)
    layer.follow(TWO)
    layer.show(None)
    assert layer.sources == set()
    assert layer.rendering is None
