"""A small problem in which a text and a table each tell half of the label; shared by tests of learners."""

import numpy as np
import pandas as pd


def small_table(rows=120, seed=0, missing=0.1):
    """Four classes: the text tells the first bit, the numbers the second; some cells are empty; ten groups."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(2, size=(2, rows))
    words = np.array([["red crimson scarlet", "blue azure navy"]])[0]
    noise = rng.choice(["alpha", "beta", "gamma", "delta"], size=(rows, 4))
    text = [f"{words[f]} {' '.join(n)}" for f, n in zip(first, noise, strict=True)]
    height = 2.0 * second + rng.normal(0, 0.5, rows)
    frame = pd.DataFrame(
        {
            "note": text,
            "height": np.round(height, 4).astype(str),
            "width": np.round(rng.normal(size=rows), 4).astype(str),
            "site": rng.integers(10, size=rows).astype(str),
            "label": np.array(["a", "b", "c", "d"])[2 * first + second],
        }
    )
    frame.loc[rng.random(rows) < missing, "note"] = ""
    frame.loc[rng.random(rows) < missing, ["height", "width"]] = ""
    return frame
