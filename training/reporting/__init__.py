"""The report folder of `autochrome evaluate --report DIR`.

`gallery` keeps the pictures while photos are measured and picks the best, the middling and the worst; `plots` draws the
curves and the distributions (matplotlib, of the extra `train`); `page` writes `report.html`, which needs nothing but
the files beside it; `folder` puts all of it into its place, with `metrics.json` (everything, for programs) and
`metrics.csv` (one row a photo and method).
"""
