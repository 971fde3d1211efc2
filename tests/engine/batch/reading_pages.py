"""Reads the pages of a report as a browser does, and complains where one would have to guess."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

EMPTY = {"meta", "img", "br"}


class Page(HTMLParser):
    """One page: its links, pictures, headings and text."""

    def __init__(self, file):
        super().__init__()
        self.file = Path(file)
        self.links, self.pictures, self.ids, self.rows, self.cells = [], [], [], [], []
        self.headings, self.tags, self.text, self._open = [], set(), "", []
        self.feed(self.file.read_text(encoding="utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        assert len(named) == len(attrs), f"an attribute stands twice: {attrs}"
        assert not any(name.startswith("on") for name in named), attrs
        self.tags.add(tag)
        if "id" in named:
            assert named["id"] not in self.ids
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named["href"])
        if tag == "img":
            self.pictures.append(named)
        if tag == "th":
            self.cells.append(named)
        if tag in ("h1", "h2", "h3"):
            self.headings.append("")
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" in self._open:
            return
        self.text += data
        if self._open and self._open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] += data

    def target(self, link):
        """The file that a link leads to."""
        return target(self.file, link)


def target(page, link):
    """The file that a link on a page leads to, as bytes."""
    whole = urlsplit(urljoin(Path(page).absolute().as_uri(), link))
    assert (whole.scheme, whole.netloc, whole.query) == ("file", "", ""), link
    return unquote_to_bytes(whole.path)
