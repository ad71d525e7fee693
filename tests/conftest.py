"""What every test shares: one compute thread, and the same hypothesis examples in every run.

Weights depend on the thread count, and small networks are faster with one. Random examples would let a test pass
today and fail tomorrow on the same code.
"""

import os

from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
settings.register_profile("deterministic", derandomize=True)
settings.load_profile("deterministic")
