"""The gate's decision."""

from __future__ import annotations

from pathlib import Path

import pytest
import splitmask_dag as dag_file
from fakes import parameters

EVALUATION = {
    "linear": {"trained": 0.585, "random": 0.405, "pixels": 0.545, "histogram": 0.107},
    "knn": {"trained": 0.328, "random": 0.142, "pixels": 0.585, "histogram": 0.144},
}


def test_lets_an_encoder_pass_that_is_good_enough(tmp_path: Path) -> None:
    wanted = parameters(tmp_path, accuracy=0.585, margin=0.1)
    passed = dag_file.judge(EVALUATION, wanted)
    assert passed == {"probe": "linear", "trained": 0.585, "before-training": 0.405}


@pytest.mark.parametrize("wanted", [{"accuracy": 0.6}, {"margin": 0.2}])
def test_below_it_the_run_fails_or_the_export_is_left_out(
    tmp_path: Path, wanted: dict[str, float]
) -> None:
    with pytest.raises(dag_file.AirflowFailException, match="accuracy is 0.585, and 0.405 before"):
        dag_file.judge(EVALUATION, parameters(tmp_path, **wanted))
    with pytest.raises(dag_file.AirflowSkipException, match="Nothing is exported"):
        dag_file.judge(EVALUATION, parameters(tmp_path, below_gate="skip", **wanted))


def test_looks_at_the_probe_that_is_asked_for(tmp_path: Path) -> None:
    assert dag_file.judge(EVALUATION, parameters(tmp_path, probe="knn"))["trained"] == 0.328


def test_by_default_training_must_not_have_made_it_worse(tmp_path: Path) -> None:
    worse = {"linear": {"trained": 0.3, "random": 0.4}}
    with pytest.raises(dag_file.AirflowFailException):
        dag_file.judge(worse, parameters(tmp_path))
