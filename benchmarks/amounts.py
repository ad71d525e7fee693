"""Prices of houses from four photos and a table: MultimodalRegressor beside scikit-learn on the table alone.

python benchmarks/amounts.py [--preset quick] [--limit 5m] [--folds 5] [--inputs photos table]

Errors are pooled over the given folds, which keep the photos and the table of a house together.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import RidgeCV
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import polysight
from polysight import Image, MultimodalRegressor, Tabular

HOUSES = Path(__file__).resolve().parents[2] / "shared" / "data" / "houses_price"
PRICE, NUMBERS, CODE = "price_TARGET_SOURCE", ["bedrooms", "bathrooms", "area_sqft"], ["zipcode"]
PHOTOS = ("image_bathroom", "image_bedroom", "image_frontal", "image_kitchen")
INPUTS = {"photos": Image(columns=PHOTOS), "table": Tabular(columns=(*NUMBERS, *CODE))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--limit", default="5m")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--inputs", nargs="+", default=list(INPUTS))
    asked = parser.parse_args()
    frame = polysight.read_table(HOUSES / "data.csv")
    prices, fold = frame[PRICE].astype(float).to_numpy(), frame["fold"].astype(int).to_numpy()
    inputs = {name: INPUTS[name] for name in asked.inputs}
    said: dict[str, np.ndarray] = {}
    for k in range(asked.folds):
        train, test = frame[fold != k], np.flatnonzero(fold == k)
        model = MultimodalRegressor(asked.preset, time_limit=asked.limit, inputs=inputs, group="group")
        answers = {"polysight": model.fit(train, PRICE, root=HOUSES).predict(frame.iloc[test], root=HOUSES)}
        for name, regressor in baselines().items():
            answers[name] = regressor.fit(table(train), prices[fold != k]).predict(table(frame.iloc[test]))
        for name, values in answers.items():
            said.setdefault(name, np.full(len(frame), np.nan))[test] = values
    judged = fold < asked.folds
    for name, values in said.items():
        told = prices[judged], values[judged]
        errors = f"MAE {mean_absolute_error(*told):9,.0f}  RMSE {root_mean_squared_error(*told):9,.0f}"
        print(f"{name:12} {errors}  R2 {r2_score(*told):.3f}  ({judged.sum()} houses)")


def baselines() -> dict[str, object]:
    parts = [("n", StandardScaler(), NUMBERS), ("c", OneHotEncoder(handle_unknown="ignore", sparse_output=False), CODE)]
    made = {"ridge": RidgeCV(alphas=np.logspace(-2, 3, 12)), "boosting": HistGradientBoostingRegressor(random_state=0)}
    return {name: make_pipeline(ColumnTransformer(parts), regressor) for name, regressor in made.items()}


def table(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[NUMBERS].astype(float).assign(zipcode=frame["zipcode"])


if __name__ == "__main__":
    main()
