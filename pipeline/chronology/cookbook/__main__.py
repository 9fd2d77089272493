"""``python -m pipeline.chronology.cookbook DB``: the cookbook with the answers of one archive, on standard output."""

import sys
from pathlib import Path

from pipeline.chronology.cookbook import to_markdown

if len(sys.argv) != 2:
    sys.exit("usage: python -m pipeline.chronology.cookbook DB")
sys.stdout.write(to_markdown(Path(sys.argv[1])))
