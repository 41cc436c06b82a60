"""What the tests put in the place of Airflow's context and of a cluster."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import splitmask_dag as dag_file

DATE = "2026-11-29"


class TaskInstance:
    """Keeps what a task pushes."""

    dag_id, task_id, try_number, map_index = "splitmask", "train", 1, -1
    stats_tags: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.pushed: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value


class Dag:
    dag_id = "splitmask"


def parameters(folder: Path, **given: Any) -> dict[str, Any]:
    """All parameters of a run: defaults, paths below the folder, and the given ones."""
    values = {name: declared.get("default") for name, declared in dag_file.PARAMETERS.items()}
    values.update(
        {
            "input": [f"{folder}/pictures"],
            "table": f"{folder}/table",
            "runs": f"{folder}/runs",
            "exports": f"{folder}/exports",
        }
    )
    values.update({name.replace("_", "-"): value for name, value in given.items()})
    return values


def context(folder: Path, **given: Any) -> dict[str, Any]:
    """As much of a context as the tasks look at."""
    instance = TaskInstance()
    return {
        "params": parameters(folder, **given),
        "logical_date": datetime(2026, 11, 29, tzinfo=timezone.utc),
        "dag": Dag(),
        "ti": instance,
        "task_instance": instance,
        "run_id": "scheduled__2026-11-29",
    }


def settings(**given: Any) -> dict[str, Any]:
    return dag_file.settings_of({name.replace("_", "-"): value for name, value in given.items()})


def result_text(code: int | None, message: str | None = None, result: Any = None) -> str:
    """A result file as the commands write it."""
    exit_value = None if code is None else {"code": code, "name": "-", "worthRetry": code == 4}
    return json.dumps({"exit": exit_value, "message": message, "result": result})


def write_result(folder: Path, command: str, text: str) -> Path:
    file = folder / "runs" / "results" / DATE / f"{command}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def spark_submit(folder: Path, script: str) -> dict[str, str]:
    """A spark-submit that is a script; the environment in which it is found."""
    program = folder / "bin" / "spark-submit"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/bash\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:/usr/bin:/bin"}
