"""Matrix products run in one thread while that was asked for, and as before afterwards."""

from threadpoolctl import threadpool_info

from polysight.core.devices import one_blas_thread


def threads():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_one_thread_and_then_as_before():
    before = threads()
    with one_blas_thread():
        assert set(threads()) <= {1}
        with one_blas_thread():
            pass
        assert set(threads()) <= {1}
    assert threads() == before
