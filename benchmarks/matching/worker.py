"""One matching method in its own process: `python -m clnet.benchmarks.matching.worker FOLDER`."""

import sys
from functools import partial
from pathlib import Path

from ..measuring.worker import Part, serve
from .job import LIMIT, MatchingJob, part_of
from .limits import LIMIT_MAKERS
from .searches import SEARCH_MAKERS


def prepare(line: str) -> dict[str, Part]:
    """Load vectors and method once; what follows is the search alone, a part for each K."""
    job = MatchingJob.model_validate_json(line)
    queries, gallery = job.vectors()
    method = job.method
    if method in LIMIT_MAKERS:
        return {LIMIT: LIMIT_MAKERS[method](job, queries, gallery)}
    search = SEARCH_MAKERS[method](job, queries, gallery)
    return {part_of(method, k): partial(search, k) for k in job.ks}


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
