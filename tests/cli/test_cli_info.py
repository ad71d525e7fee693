"""info, doctor and demo --list: one line each, the same as JSON, everything in full."""

import json
import re

import pytest

from polysight.cli import main
from polysight.cli.catalogue import REGISTRIES, registry_of
from polysight.fusion import FUSIONS


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_every_registry_is_listed_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    items = json.loads(answer(capsys, "info", "fusion", "--json"))["items"]
    assert [item["name"] for item in items] == sorted(FUSIONS)
    gated = next(item for item in items if item["name"] == "gated")
    assert gated["source"].startswith("Arevalo, Solorio")
    assert gated["source"].endswith("2017.")
    assert gated["code"] == "polysight.fusion.gated:Gated"
    assert gated["options"] == {"gates": "softmax"}
    assert all(item["summary"].endswith(".") for item in items)
    lines = answer(capsys, "info", "fusion").splitlines()
    assert [line.split(":")[0] for line in lines] == [f"fusion {kind}" for kind in sorted(FUSIONS)]
    (line,) = (line for line in lines if line.startswith("fusion mean_logits"))
    assert line.endswith(
        "Parameters (FLOPs a row), 10 classes: 2 modalities 0 (0), 3 modalities 0 (0), 4 modalities 0 (0)."
    )
    cheap = gated["costs"][0]
    assert (cheap["modalities"], cheap["size"]) == (2, "width 64")
    (line,) = (line for line in lines if line.startswith("fusion gated"))
    assert f"width 64: 2 modalities {cheap['parameters']:,} ({cheap['flops']:,}), 3 modalities" in line


def test_without_a_noun_everything_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    items = json.loads(answer(capsys, "info", "--json"))["items"]
    assert {(item["noun"], item["name"]) for item in items} == {
        (noun, kind) for noun in REGISTRIES for kind in registry_of(noun)
    }
    lines = answer(capsys, "info").splitlines()
    assert len(lines) == len(items)
    assert all(item["summary"].endswith(".") for item in items)


def test_entries_that_are_functions_and_sources_in_class_or_file_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    items = {(item["noun"], item["name"]): item for item in json.loads(answer(capsys, "info", "--json"))["items"]}
    assert items["estimator", "svm"]["options"] == {"C": 10.0, "gamma": 0.5, "random_state": 0}
    assert items["estimator", "svm"]["source"] == ""
    assert items["features", "tfidf"]["source"].startswith("Salton and Buckley")
    assert items["optimizer", "adamw"]["source"].startswith("Loshchilov and Hutter")
    assert "Departures" not in "".join(item["source"] for item in items.values())


def test_what_is_learned_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = json.loads(answer(capsys, "info", "features", "tfidf_svd", "--json"))["items"]
    assert set(item["options"]) == {"max_terms", "max_characters", "words", "characters", "dimensions"}


@pytest.mark.parametrize("noun", sorted(REGISTRIES))
def test_every_noun_has_a_registry_of_that_name(noun: str) -> None:
    registry = registry_of(noun)
    assert registry.noun == noun
    assert len(registry) > 0


def test_one_is_told_in_full_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "info", "fusion", "gated")
    assert told.startswith("fusion gated\n")
    assert "Source: Arevalo" in told
    assert "gates = softmax" in told


@pytest.mark.parametrize(("kind", "sizes"), [("gated", 6), ("evidential", 3)])
def test_a_fusion_in_full_says_what_it_costs(capsys: pytest.CaptureFixture[str], kind: str, sizes: int) -> None:
    (item,) = json.loads(answer(capsys, "info", "fusion", kind, "--json"))["items"]
    assert len(item["costs"]) == sizes
    assert {cost["modalities"] for cost in item["costs"]} == {2, 3, 4}
    assert answer(capsys, "info", "fusion", kind).count("FLOPs a row") == sizes


def test_an_unknown_fusion_is_offered_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "fusion", "bottlneck"]) == 2
    assert "did you mean 'bottleneck'" in capsys.readouterr().err


def test_doctor_says_what_there_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYSIGHT_CACHE", "off")
    items = {item["name"]: item["value"] for item in json.loads(answer(capsys, "doctor", "--json"))["items"]}
    assert re.match(r"\d+\.\d+", items["torch"])
    assert items["cache"] == "off"
    assert int(items["cores"]) >= 1
    assert "polysight " in answer(capsys, "doctor")


def test_demonstrations_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "synthetic speech" in answer(capsys, "demo", "--list")
    items = json.loads(answer(capsys, "demo", "--list", "--json"))["items"]
    assert [item["name"] for item in items] == [
        "article",
        "digits",
        "driving",
        "logistics",
        "medical",
        "security",
        "vr",
    ]
