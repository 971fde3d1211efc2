"""The page: what is in it, and that it is whole."""

import dataclasses
from html.parser import HTMLParser

from tests.training.reports import a_report
from training.metrics import PICTURE_METRICS
from training.reporting.gallery import Exhibit
from training.reporting.page import page

VOID = {"meta", "img", "br"}


class Checker(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.sources = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.sources.append(dict(attrs)["src"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def checked(text):
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    return checker


def test_everything_is_there():
    exhibit = Exhibit("best", "a <b>.webp", 2.5, b"")
    text = page(a_report(), {"A plot": "plots/one.png"}, {"tiny": [(exhibit, "pictures/one.jpg")]})
    assert checked(text).sources == ["plots/one.png", "pictures/one.jpg"]
    for metric in PICTURE_METRICS:
        assert metric.heading in text
    for word in (
        "+1.23",
        "4.568",
        "best of four palettes",
        "KID",
        "grey.jpg",
        "there &lt;1&gt;",
        "side: 64",
        "locality",
    ):
        assert word in text
    assert "a &lt;b&gt;.webp, +2.50 dB" in text
    assert "Only 7 of 9 photos" in text
    assert "a <b>" not in text
    assert "http" not in text  # nothing but the files beside it


def test_what_was_not_measured_is_not_there():
    bare = dataclasses.replace(a_report(), likelihood={}, stability={}, hints=[], variants=[], inception={}, notes=[])
    text = page(bare, {}, {"tiny": []})
    checked(text)
    for word in ("Hints", "Best of four", "ab NLL", "FID", "Other sizes"):
        assert f"<h2>{word}" not in text
