"""Limits of a sheet of answers, its sizes in pixels, its colours in RGB."""

SHEET_QUERIES = 100
"""Queries on one sheet, at most: 100 rows of four lines of places take 0.7 GB."""

Colour = tuple[int, int, int]

CELL = 240
"""Height of a picture, and width of a place's."""

QUERY_WIDTH = 480
"""Width that a query may take: panoramas are wide."""

MARGIN = 20
GAP = 14
LABEL = 46
"""Height of the two lines of text above a picture."""

HEADER = 62
FRAME = 5

PAPER: Colour = (250, 250, 248)
INK: Colour = (34, 34, 38)
FAINT: Colour = (110, 110, 116)
BLANK: Colour = (226, 226, 224)
RULE: Colour = (214, 214, 210)
RIGHT: Colour = (22, 163, 74)
