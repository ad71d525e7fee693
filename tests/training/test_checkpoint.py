"""Checkpoints: a training cut off after any epoch goes on to bit-identical weights, in a new process too."""

import subprocess
import sys
from pathlib import Path

import pytest
from small import rows_of, same_weights, trainer_of

from polysight.core.errors import ConfigError
from polysight.core.events import listen
from polysight.training.checkpoint import Checkpoint


class CutOffError(Exception):
    pass


def cut_off_after(epoch, folder, **plan):
    """Train until the end of an epoch, then die before anything else happens."""

    def listener(name, facts):
        if name == "epoch" and facts["epoch"] == epoch + 1:
            raise CutOffError

    with pytest.raises(CutOffError), listen(listener):
        trainer_of(checkpoint=Checkpoint(folder, {"a": 1}), **plan).run(rows_of(), rows_of(40, seed=1))


@pytest.mark.parametrize(("epoch", "plan"), [(1, {}), (4, {}), (2, {"ema": 0.9, "accumulate": 3})])
def test_resumed_training_ends_with_identical_weights_and_curves(tmp_path, epoch, plan):
    whole = trainer_of(**plan)
    expected = whole.run(rows_of(), rows_of(40, seed=1))
    cut_off_after(epoch, tmp_path / "c", **plan)
    resumed = trainer_of(checkpoint=Checkpoint(tmp_path / "c", {"a": 1}), **plan)
    heard = []
    with listen(lambda name, facts: heard.append(facts["epoch"])):
        outcome = resumed.run(rows_of(), rows_of(40, seed=1))
    assert heard == list(range(epoch + 1, 7))
    assert same_weights(whole.network, resumed.network)
    assert outcome.best_epoch == expected.best_epoch
    for one, other in zip(outcome.history, expected.history, strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_resume_in_another_process(tmp_path):
    cut_off_after(2, tmp_path / "c")
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from pathlib import Path\nfrom small import rows_of, trainer_of\n"
        "from polysight.training.checkpoint import Checkpoint\n"
        f"trainer = trainer_of(checkpoint=Checkpoint(Path({str(tmp_path / 'c')!r}), {{'a': 1}}))\n"
        "outcome = trainer.run(rows_of(), rows_of(40, seed=1))\n"
        "print(float(sum(p.detach().double().sum() for p in trainer.network.parameters())).hex())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    whole = trainer_of()
    whole.run(rows_of(), rows_of(40, seed=1))
    assert done.stdout.strip() == float(sum(p.detach().double().sum() for p in whole.network.parameters())).hex()


def test_a_finished_training_is_not_trained_again(tmp_path):
    first = trainer_of(checkpoint=Checkpoint(tmp_path / "c", {}))
    first.run(rows_of())
    again = trainer_of(checkpoint=Checkpoint(tmp_path / "c", {}))
    heard = []
    with listen(lambda name, facts: heard.append(name)):
        again.run(rows_of())
    assert "epoch" not in heard
    assert same_weights(first.network, again.network)


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    trainer_of(epochs=1, checkpoint=Checkpoint(tmp_path / "c", {"width": 8, "seed": 0})).run(rows_of())
    with pytest.raises(ConfigError, match=r"another training: width differ"):
        trainer_of(checkpoint=Checkpoint(tmp_path / "c", {"width": 16, "seed": 0})).run(rows_of())


def test_an_empty_folder_is_a_place_to_start(tmp_path):
    (tmp_path / "c").mkdir()
    assert len(trainer_of(checkpoint=Checkpoint(tmp_path / "c", {})).run(rows_of()).history) == 6
