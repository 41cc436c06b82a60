"""The DAG in a real Airflow, with a real Spark on this machine. run-real-test.sh starts it.

Each scenario is one `airflow dags test`. What Airflow keeps in its database, and what is on the
disk afterwards, is compared with what docs/airflow.md promises.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

PICTURES = 300
WORK, SOURCES, ONLY = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
AIRFLOW = [sys.executable, "-m", "airflow"]
FOLDERS = ("table/patches", "table/rejected", "runs/2026-11-01")
ALL = ["prepare", "train", "evaluate", "gate", "export"]

ENVIRONMENT = {
    **os.environ,
    "AIRFLOW_HOME": str(WORK / "airflow"),
    "AIRFLOW__CORE__DAGS_FOLDER": str(WORK / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps(
        {"conn_type": "spark", "host": "local[2]", "extra": {"deploy-mode": "client"}}
    ),
    "PATH": f"{WORK}/spark/bin:{os.environ['PATH']}",
    "LC_ALL": "C.UTF-8",
}
SETTINGS = {
    "jars": str(WORK / "jars"),
    "launcher": str(SOURCES / "splitmask"),
    "retries": 1,
    "retry-delay-seconds": 1,
    "spark-conf-files": [],
    "spark-conf": {
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": (
            f"-Dlog4j2.configurationFile=file:{SOURCES}/conf/log4j2.properties"
        ),
        "spark.ui.enabled": "false",
    },
}
PARAMETERS = {
    "input": [str(WORK / "pictures")],
    "table": str(WORK / "table"),
    "runs": str(WORK / "runs"),
    "exports": str(WORK / "exports"),
    "prepare-keys": ["image-size=64", "patch-size=8", "test-share=0.33", "validation-share=0"],
    "train-config": str(SOURCES / "conf" / "vit-micro.yaml"),
    "train-keys": ["epochs=3", "steps-per-round=2", "checkpoint-every=2"],
    "workers": 2,
    "accuracy": 0.05,
    "margin": -1,
}


def main() -> None:
    """All scenarios, in order; the last line of the output is a table of them."""
    render(WORK / "pictures", PICTURES)
    airflow("db", "migrate")
    (WORK / "dags" / "splitmask_dag.yaml").write_text(yaml.safe_dump(SETTINGS))
    print("Airflow", airflow("version").splitlines()[-1], flush=True)
    for scenario in (
        the_whole_chain,
        again_nothing_is_repeated,
        exit_code_2_is_final,
        exit_code_3_is_final,
        exit_code_4_is_retried_and_the_gate_may_skip,
        exit_code_4_fails_when_all_tries_are_used,
        exit_code_70_is_final,
        a_gate_that_is_not_reached_fails_the_run,
        a_worker_that_is_killed_takes_its_driver_along,
        the_launcher_reads_results_too,
    ):
        name = scenario.__name__.replace("_", " ")
        if scenario is not the_whole_chain and ONLY and not any(word in name for word in ONLY):
            continue
        begun = time.monotonic()
        seen = scenario()
        print(f"OK {time.monotonic() - begun:4.0f} s  {name}: {seen}", flush=True)


def the_whole_chain() -> str:
    """Every task once; a table, a run, an evaluation and an encoder."""
    states = dags_test("2026-11-01")
    expect(states, dict.fromkeys(ALL, ("success", 1)))
    evaluation = json.loads((WORK / "runs/2026-11-01/evaluation.json").read_text())
    size = (WORK / "exports/2026-11-01.safetensors").stat().st_size
    prepared = result("2026-11-01", "prepare")
    trained = result("2026-11-01", "train")
    assert prepared["accepted"] == PICTURES, prepared
    return (
        f"{prepared['accepted']} pictures, {trained['rounds']} rounds, linear probe"
        f" {evaluation['linear']['trained']:.3f} (before training"
        f" {evaluation['linear']['random']:.3f}), encoder of {size:,} bytes"
    )


def again_nothing_is_repeated() -> str:
    """The same date: no picture is decoded, no snapshot is made, no round is trained."""
    before = {name: fingerprint(WORK / name) for name in FOLDERS}
    encoder = digest(WORK / "exports/2026-11-01.safetensors")
    states = dags_test("2026-11-01")
    expect(states, {task: ("success", None) for task in ALL})
    prepared, trained = result("2026-11-01", "prepare"), result("2026-11-01", "train")
    assert (prepared["accepted"], prepared["unchanged"]) == (0, PICTURES), prepared
    after = {name: fingerprint(WORK / name) for name in before}
    changed = {
        f"{name}/{file}": (seen, after[name].get(file))
        for name, tree in before.items()
        for file, seen in tree.items()
        if after[name].get(file) != seen
    }
    assert changed == {}, changed
    assert {name: set(tree) for name, tree in after.items()} == {
        name: set(tree) for name, tree in before.items()
    }
    assert digest(WORK / "exports/2026-11-01.safetensors") == encoder
    return (
        f"{prepared['unchanged']} pictures unchanged, no snapshot, still {trained['rounds']}"
        " rounds and the same files, the same encoder"
    )


def exit_code_2_is_final() -> str:
    """A key that does not exist. The site's function hears of it, once."""
    heard = WORK / "heard"
    (WORK / "dags/site_hook.py").write_text(
        "def tell(context):\n"
        f"    with open({str(heard)!r}, 'a') as out:\n"
        "        print(context['ti'].task_id, context.get('exception'), file=out)\n"
    )
    keys = {"train-keys": ["no-such-key=1"]}
    seen = final(
        "2026-11-02", "train", 2, parameters=keys, settings={"on-failure": "site_hook:tell"}
    )
    (line,) = heard.read_text().splitlines()
    assert line.startswith("train train ended with exit code 2"), line
    return f"{seen}; the site's function heard of it"


def exit_code_3_is_final() -> str:
    """Files that are no pictures."""
    folder = WORK / "damaged"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    keys = {"input": [str(folder)], "table": str(WORK / "table-of-damaged")}
    return final("2026-11-03", "prepare", 3, parameters=keys)


def exit_code_4_is_retried_and_the_gate_may_skip() -> str:
    """Another host's lease on the table, which goes away before the second try."""
    lease = WORK / "table/_writer.lease"
    lease.write_text("a-run\nanother-host\n1\nunknown")
    file = WORK / "runs/results/2026-11-01/prepare.json"
    file.unlink()

    def remove() -> None:
        while exit_of(file) != 4:
            time.sleep(0.05)
        lease.unlink()

    threading.Thread(target=remove, daemon=True).start()
    states = dags_test("2026-11-01", parameters={"accuracy": 1.0, "below-gate": "skip"})
    tries = states["prepare"][1] - states["train"][1] + 1
    assert tries == 2, states
    for task in ("prepare", "train", "evaluate"):
        assert states[task][0] == "success", states
    assert (states["gate"][0], states["export"][0]) == ("skipped", "skipped"), states
    return "prepare succeeds in its second try; below the gate, export is skipped"


def exit_code_4_fails_when_all_tries_are_used() -> str:
    """The same lease, which stays."""
    lease = WORK / "table/_writer.lease"
    lease.write_text("a-run\nanother-host\n1\nunknown")
    states = dags_test("2026-11-04", succeeds=False)
    lease.unlink()
    assert states["prepare"] == ("failed", 2), states
    assert exit_of(WORK / "runs/results/2026-11-04/prepare.json") == 4
    return f"prepare {states['prepare'][0]} after {states['prepare'][1]} tries"


def exit_code_70_is_final() -> str:
    """One of our classes is damaged."""
    name = WORK / "shadow/org/splitmask/prep/stage/PrepareStage.class"
    name.parent.mkdir(parents=True)
    name.write_bytes(b"no class")
    conf = {**SETTINGS["spark-conf"], "spark.driver.extraClassPath": str(WORK / "shadow")}
    return final("2026-11-05", "prepare", 70, settings={"spark-conf": conf})


def a_gate_that_is_not_reached_fails_the_run() -> str:
    """By default; the encoder is not exported."""
    export = WORK / "exports/2026-11-01.safetensors"
    export.unlink()
    states = dags_test("2026-11-01", succeeds=False, parameters={"accuracy": 1.0})
    assert states["gate"][0] == "failed", states
    assert states["export"][0] == "upstream_failed", states
    assert not export.exists()
    return "gate failed, export upstream_failed, no encoder"


def a_worker_that_is_killed_takes_its_driver_along() -> str:
    """kill -9 of Airflow in mid-training; the next try resumes."""
    keys = {"train-keys": ["epochs=12", "steps-per-round=2", "checkpoint-every=2"]}
    checkpoints = WORK / "runs/2026-11-06/checkpoints"
    airflow_process = subprocess.Popen(
        command_of("2026-11-06", keys),
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    wait_for(lambda: checkpoints.is_dir() and len(list(checkpoints.glob("round-*"))) > 1)
    drivers = children_of(airflow_process.pid)
    assert drivers, "no driver"
    airflow_process.send_signal(signal.SIGKILL)
    airflow_process.wait()
    wait_for(lambda: not any(Path(f"/proc/{driver}").exists() for driver in drivers))
    reached = max(path.name for path in checkpoints.glob("round-??????"))

    states = dags_test("2026-11-06", parameters=keys)
    assert {state for state, _ in states.values()} == {"success"}, states
    lines = (WORK / "runs/2026-11-06/metrics.jsonl").read_text().splitlines()
    rounds = [json.loads(line)["round"] for line in lines]
    assert rounds == list(range(1, len(rounds) + 1)), rounds
    trained = result("2026-11-06", "train")
    assert trained["rounds"] == len(rounds)
    return f"driver gone, resumed after {reached}, each of {len(rounds)} rounds once"


def the_launcher_reads_results_too() -> str:
    """As on HDFS: the DAG must understand what `splitmask result` says."""
    sys.path.insert(0, str(WORK / "dags"))
    os.environ.update(ENVIRONMENT)
    import splitmask_dag

    program = WORK / "splitmask"
    program.write_text(
        "#!/bin/bash\nshift\n"
        f"exec {os.environ['JAVA_HOME']}/bin/java @{SOURCES}/conf/spark/jvm-options"
        f" -cp '{WORK}/jars/data-prep.jar:{WORK}/spark/jars/*'"
        ' org.splitmask.prep.ResultApp "$@"\n'
    )
    program.chmod(0o755)
    site = splitmask_dag.settings_of({"launcher": str(program)})
    results = WORK / "runs/results"

    def ask(file: Path) -> Any:
        return splitmask_dag._ask_launcher(str(file), site)

    done, damaged = ask(results / "2026-11-01/train.json"), ask(results / "2026-11-03/prepare.json")
    assert (done.code, done.result) == (0, result("2026-11-01", "train")), done
    assert damaged.code == 3 and "rejected" in damaged.message, damaged
    assert ask(results / "no-such.json") is None
    (results / "begun.json").write_text(json.dumps(splitmask_dag._BEGUN))
    assert ask(results / "begun.json").code is None
    splitmask_dag._storage_path = lambda *_: None  # as if it were on HDFS
    splitmask_dag.forget(str(results / "begun.json"), site)
    assert ask(results / "begun.json") is None
    return "a result, a failure, one that has begun, one that is not there, one that is forgotten"


# --- Parts ---------------------------------------------------------------------------------------


def final(
    date: str,
    task: str,
    code: int,
    *,
    parameters: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> str:
    """A failure that is not tried again, and after which nothing else runs."""
    states = dags_test(date, succeeds=False, parameters=parameters, settings=settings)
    assert states[task] == ("failed", 1), states
    for following in ALL[ALL.index(task) + 1 :]:
        assert states[following][0] == "upstream_failed", states
    assert exit_of(WORK / f"runs/results/{date}/{task}.json") == code
    return f"{task} failed in its first try, the rest upstream_failed"


def render(folder: Path, count: int) -> None:
    """The demo's pictures."""
    java = f"{os.environ['JAVA_HOME']}/bin/java"
    jars = f"{WORK}/jars/spark-job.jar:{WORK}/spark/jars/*"
    source = Path(__file__).with_name("DemoPicturesTo.java")
    subprocess.run([java, "-cp", jars, str(source), str(folder), str(count)], check=True)


def airflow(*words: str) -> str:
    """What a command of Airflow's says."""
    done = subprocess.run([*AIRFLOW, *words], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def command_of(date: str, parameters: dict[str, Any] | None) -> list[str]:
    """The command that runs the DAG for a date."""
    conf = json.dumps({**PARAMETERS, **(parameters or {})})
    return [*AIRFLOW, "dags", "test", "splitmask", date, "--conf", conf]


def dags_test(
    date: str,
    *,
    succeeds: bool = True,
    parameters: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> dict[str, tuple[str, int]]:
    """Runs the DAG, and returns the state of each task and its tries."""
    site = WORK / "site.yaml"
    site.write_text(yaml.safe_dump({**SETTINGS, **(settings or {})}))
    with (WORK / f"{date}.log").open("a") as log:
        done = subprocess.run(
            command_of(date, parameters),
            env={**ENVIRONMENT, "SPLITMASK_DAG_SETTINGS": str(site)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    states = states_of(date)
    assert (done.returncode == 0) == succeeds, (done.returncode, states, f"{WORK}/{date}.log")
    return states


def states_of(date: str) -> dict[str, tuple[str, int]]:
    """From Airflow's database."""
    with sqlite3.connect(WORK / "airflow/airflow.db") as database:
        columns = {row[1] for row in database.execute("pragma table_info(dag_run)")}
        moment = "logical_date" if "logical_date" in columns else "execution_date"  # 2.10
        rows = database.execute(
            "select task_id, t.state, try_number from task_instance t join dag_run r"
            f" on t.run_id = r.run_id where r.{moment} like ? order by r.id",
            (f"{date} %",),
        ).fetchall()
    return {task: (state, tries) for task, state, tries in rows}


def expect(states: dict[str, tuple[str, int]], wanted: dict[str, tuple[str, int | None]]) -> None:
    """Compares states, and tries where a number is wanted."""
    for task, (state, tries) in wanted.items():
        assert states[task][0] == state and tries in (None, states[task][1]), (task, states)


def result(date: str, command: str) -> dict[str, Any]:
    """The result of a command."""
    found = json.loads((WORK / f"runs/results/{date}/{command}.json").read_text())["result"]
    assert isinstance(found, dict)
    return found


def exit_of(file: Path) -> int | None:
    """The exit code of a result file; none where it is not there or has none."""
    try:
        code = (json.loads(file.read_text()).get("exit") or {}).get("code")
    except (OSError, ValueError):
        return None
    return None if code is None else int(code)


def digest(file: Path) -> str:
    """The digest of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """Time and digest of each file: a file that was written again has another time.

    Two small files are always written again, with the same content: what train was told, and
    what evaluate found.
    """
    again = {"config.yaml", ".config.yaml.crc", "evaluation.json", ".evaluation.json.crc"}
    return {
        str(path.relative_to(folder)): (
            0 if path.name in again else path.stat().st_mtime_ns,
            digest(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def children_of(process: int) -> list[int]:
    """All processes that a process has started, and theirs."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children_of(child)]
    return found


def wait_for(what: Callable[[], Any]) -> None:
    """Waits for something, for five minutes at most."""
    for _ in range(3000):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("waited for five minutes")


if __name__ == "__main__":
    main()
