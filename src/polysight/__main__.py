"""``python -m polysight`` is the program ``polysight``."""

import sys

from polysight.cli import main

sys.exit(main())
