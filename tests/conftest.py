"""One compute thread for every test: weights depend on the thread count, and small networks are faster so."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
