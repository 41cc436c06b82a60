"""The DAG itself: that it imports, its tasks, its parameters, the settings of a site."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
import splitmask_dag as dag_file
from airflow.exceptions import ParamValidationError
from fakes import DATE, context, parameters, settings

FILE = Path(dag_file.__file__)


@pytest.mark.parametrize("operator", ["spark", "kubernetes"])
def test_imports_without_warnings(operator: str, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(f"operator: {operator}\n")
    # Warnings that Airflow has about itself are not the DAG's.
    show = (
        "import warnings; log = warnings.catch_warnings(record=True); seen = log.__enter__();"
        "warnings.simplefilter('always');"
        f"import runpy; runpy.run_path({str(FILE)!r});"
        f"print([str(w.message) for w in seen if w.filename == {str(FILE)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", show],
        env={**os.environ, "SPLITMASK_DAG_SETTINGS": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("operator", ["spark", "kubernetes"])
def test_the_commands_are_a_chain_with_the_gate_before_export(operator: str) -> None:
    built = dag_file.build_dag(settings(operator=operator))

    chain = ["prepare", "train", "evaluate", "gate", "export"]
    assert [t.task_id for t in built.topological_sort()] == chain
    for task, following in zip(chain, chain[1:]):
        assert built.get_task(task).downstream_task_ids == {following}


def test_one_run_at_a_time_no_catch_up_and_one_task_of_a_kind() -> None:
    built = dag_file.build_dag(settings(schedule="@daily", parameters=_paths()))

    assert built.max_active_runs == 1
    assert not built.catchup
    assert {t.max_active_tis_per_dag for t in built.tasks} == {1}
    assert built.get_task("train").retries == 3
    assert built.get_task("gate").retries == 0


def test_a_schedule_needs_a_default_for_every_parameter() -> None:
    with pytest.raises(Exception, match="(?i)default"):
        dag_file.build_dag(settings(schedule="@daily")).validate()


def _paths() -> dict[str, object]:
    return {"input": ["/p"], "table": "/t", "runs": "/r", "exports": "/e"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("input", []),
        ("input", ["--conf"]),
        ("input", "/pictures"),
        ("table", "--master"),
        ("table", ""),
        ("train-keys", ["epochs"]),
        ("train-keys", ["--table=x"]),
        ("workers", 0),
        ("workers", 1.5),
        ("probe", "svm"),
        ("accuracy", 1.01),
        ("accuracy", -0.1),
        ("margin", 2),
        ("below-gate", "warn"),
        ("spark-connection", ""),
    ],
)
def test_parameters_outside_their_bounds_are_refused(name: str, value: object) -> None:
    with pytest.raises(ParamValidationError):
        dag_file._params(settings())[name].resolve(value)


def test_every_parameter_is_described_and_documented() -> None:
    manual = (FILE.parents[2] / "docs" / "airflow.md").read_text()
    for name, declared in dag_file.PARAMETERS.items():
        assert declared["description"]
        assert f"`{name}`" in manual, name
    for name in [*dag_file.SETTINGS, *dag_file.SETTINGS["kubernetes"]]:
        assert f"`{name}`" in manual, name


def test_unknown_settings_are_refused(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("schedul: '@daily'\n")
    with pytest.raises(ValueError, match="unknown keys \\['schedul'\\]; the known ones are"):
        dag_file.read_settings(site)
    with pytest.raises(ValueError, match="operator must be spark or kubernetes: 'yarn'"):
        settings(operator="yarn")


def test_the_example_has_the_defaults() -> None:
    example = dag_file.read_settings(FILE.with_name("splitmask_dag.example.yaml"))
    assert example == dag_file.SETTINGS


def test_the_arguments_of_a_date_are_always_the_same(tmp_path: Path) -> None:
    given = context(
        tmp_path,
        input=["/p/{date}/a", "/p/b c;$(id)"],
        labels="/l.tsv",
        prepare_config="/c.yaml",
        prepare_keys=["image-size=64"],
        train_keys=["epochs=1"],
        workers=2,
    )
    night = dag_file.Night.of(given)

    assert night.date == DATE
    assert night.arguments("prepare") == [
        f"--result={tmp_path}/runs/results/{DATE}/prepare.json",
        f"--input=/p/{DATE}/a",
        "--input=/p/b c;$(id)",
        f"--output={tmp_path}/table",
        "--labels=/l.tsv",
        "--config=/c.yaml",
        "image-size=64",
    ]
    assert night.arguments("train")[1:] == [
        f"--table={tmp_path}/table",
        f"--output={tmp_path}/runs/{DATE}",
        "epochs=1",
        "workers=2",
    ]
    assert night.arguments("evaluate")[1:] == [
        f"--run={tmp_path}/runs/{DATE}",
        f"--table={tmp_path}/table",
    ]
    assert night.arguments("export")[1:] == [
        f"--run={tmp_path}/runs/{DATE}",
        f"--output={tmp_path}/exports/{DATE}.safetensors",
    ]
    assert dag_file.Night.of(given) == night


def test_a_date_with_a_time_has_a_run_of_its_own(tmp_path: Path) -> None:
    given = context(tmp_path)
    given["logical_date"] = datetime(2026, 11, 29, 3, 15, tzinfo=timezone.utc)
    assert dag_file.Night.of(given).run == f"{tmp_path}/runs/2026-11-29T031500"


def test_without_a_logical_date_the_trigger_gives_the_name(tmp_path: Path) -> None:
    class DagRun:
        run_after = datetime(2026, 11, 29, 8, 30, 5, tzinfo=timezone.utc)

    given = {**context(tmp_path), "logical_date": None, "dag_run": DagRun()}
    assert dag_file.Night.of(given).date == "2026-11-29T083005"


def test_results_may_be_elsewhere(tmp_path: Path) -> None:
    night = dag_file.Night(DATE, parameters(tmp_path, results="s3a://b/results/"))
    assert night.result("train") == f"s3a://b/results/{DATE}/train.json"


def test_on_failure_is_a_function_of_the_site() -> None:
    built = dag_file.build_dag(settings(on_failure="json:dumps"))
    callback = built.get_task("train").on_failure_callback
    assert "dumps" in str(callback)
    with pytest.raises(ValueError, match="on-failure must be package.module:function"):
        dag_file.build_dag(settings(on_failure="json.dumps"))


def test_spark_settings_of_files_of_all_and_of_one_command(tmp_path: Path) -> None:
    file = tmp_path / "yarn.conf"
    file.write_text("# a comment\n\nspark.a=1\nspark.b  two words\nspark.c = 3\n")
    built = dag_file.build_dag(
        settings(
            spark_conf_files=[str(file)],
            spark_conf={"spark.a": 2, "spark.d": "x"},
            spark_conf_of={"train": {"spark.d": "y"}},
        )
    )
    common = {"spark.a": "2", "spark.b": "two words", "spark.c": "3"}
    assert built.get_task("train").spark_conf() == {**common, "spark.d": "y"}
    assert built.get_task("export").spark_conf() == {**common, "spark.d": "x"}
