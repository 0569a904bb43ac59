"""`make bench`: the index as it grows, then extraction against trafilatura alone."""

from __future__ import annotations

import sys

from benchmarks import extraction_cost, index

if __name__ == "__main__":
    sys.exit(index.main() or extraction_cost.main())
