"""What a task makes of exit codes and result files, with scripts in the place of spark-submit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import splitmask_dag as dag_file
from fakes import DATE, context, result_text, settings, spark_submit, write_result

RETRY, FAIL = dag_file.AirflowException, dag_file.AirflowFailException
LINUX = sys.platform == "linux"


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, **given: Any) -> dict[str, Any]:
    """One try of the task train, with that script as spark-submit."""
    monkeypatch.setenv("PATH", spark_submit(folder, script)["PATH"])
    task = dag_file.build_dag(settings()).get_task("train")
    task.execute = _unguarded(task)
    result: dict[str, Any] = task.execute({**context(folder), **given})
    return result


def _unguarded(task: Any) -> Any:
    """The operator's own execute; Airflow wants to be the only one who calls it."""
    task.__class__.test_mode = True
    return type(task).execute.__get__(task)


def script_of(folder: Path, process_code: int, text: str | None) -> str:
    """A spark-submit that leaves a result and ends with a code."""
    file = write_result(folder, "train", "")
    file.unlink()
    (folder / "text").write_text(text or "")
    leave = f"cp {folder}/text {file}; " if text is not None else ""
    return f'printf "%s\\n" "$@" > {folder}/words; {leave}exit {process_code}'


def test_the_result_is_returned_and_pushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = context(tmp_path)
    script = script_of(tmp_path, 0, result_text(0, result={"rounds": 4}))

    assert run(tmp_path, monkeypatch, script, ti=given["ti"]) == {"rounds": 4}
    assert given["ti"].pushed == {"return_value": {"rounds": 4}}
    words = (tmp_path / "words").read_text().splitlines()
    assert words[:2] == ["--master", "local[2]"]
    assert f"splitmask-train-{DATE}" in words
    assert words[words.index("--class") + 1] == "org.splitmask.train.TrainApp"
    assert words[words.index("/opt/splitmask/jars/spark-job.jar") + 1 :] == [
        f"--result={tmp_path}/runs/results/{DATE}/train.json",
        f"--table={tmp_path}/table",
        f"--output={tmp_path}/runs/{DATE}",
    ]


@pytest.mark.parametrize(("code", "expected"), [(2, FAIL), (3, FAIL), (70, FAIL), (4, RETRY)])
@pytest.mark.parametrize("told_by", ["result", "result of cluster mode", "process"])
def test_exit_codes_are_retried_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: type, told_by: str
) -> None:
    # In cluster mode, spark-submit's own code says nothing.
    process_code = 1 if told_by == "result of cluster mode" else code
    text = None if told_by == "process" else result_text(code, "the reason")
    with pytest.raises(dag_file.AirflowException) as failed:
        run(tmp_path, monkeypatch, script_of(tmp_path, process_code, text))
    assert failed.type is expected
    assert f"train ended with exit code {code}" in str(failed.value)
    if text:
        assert "the reason" in str(failed.value)


@pytest.mark.parametrize("code", [1, 101, 137, 143])
def test_codes_that_are_not_ours_are_retried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with pytest.raises(RETRY) as failed:
        run(tmp_path, monkeypatch, script_of(tmp_path, code, None))
    assert failed.type is RETRY


def test_a_failure_wins_over_a_submission_that_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standalone's cluster mode once answered 0 whatever happened."""
    with pytest.raises(FAIL, match="exit code 3 \\(the data\\): no labels. A retry cannot help"):
        run(tmp_path, monkeypatch, script_of(tmp_path, 0, result_text(3, "no labels")))


def test_done_without_a_result_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RETRY, match="does not have its result"):
        run(tmp_path, monkeypatch, script_of(tmp_path, 0, None))


def test_the_result_of_an_earlier_try_is_not_taken_for_this_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for earlier in (result_text(0, result={}), result_text(3, "the data of yesterday")):
        script = script_of(tmp_path, 1, None)
        write_result(tmp_path, "train", earlier)
        with pytest.raises(RETRY) as failed:
            run(tmp_path, monkeypatch, script)
        assert failed.type is RETRY
        assert "yesterday" not in str(failed.value)


def test_a_driver_that_was_killed_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RETRY) as failed:
        run(tmp_path, monkeypatch, script_of(tmp_path, 1, result_text(None)))
    assert failed.type is RETRY
    text = result_text(0, result={"rounds": 1})
    assert run(tmp_path, monkeypatch, script_of(tmp_path, 0, text)) == {"rounds": 1}


def test_a_result_that_is_cut_off_does_not_hide_the_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FAIL, match="exit code 2"):
        run(tmp_path, monkeypatch, script_of(tmp_path, 2, "<html>"))


def test_a_command_that_is_about_to_begin_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a worker that dies while the cluster has not begun yet leaves a trace."""
    script = script_of(tmp_path, 0, result_text(0, result={}))
    file = write_result(tmp_path, "train", result_text(0, result={"of": "yesterday"}))
    crc = file.with_name(f".{file.name}.crc")
    crc.write_text("of yesterday")
    seen = tmp_path / "seen"
    run(tmp_path, monkeypatch, f"cp {file} {seen}; {script}")
    assert json.loads(seen.read_text())["exit"] is None
    assert not crc.exists()


CLUSTER = '{"conn_type": "spark", "host": "spark://m:7077", "extra": {"deploy-mode": "cluster"}}'


def test_in_cluster_mode_a_driver_that_may_live_gets_no_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", CLUSTER)
    script = script_of(tmp_path, 0, None)
    file = write_result(tmp_path, "train", result_text(None))

    with pytest.raises(FAIL, match=f"Look for the application splitmask-train-{DATE}") as failed:
        run(tmp_path, monkeypatch, script)
    assert str(file) in str(failed.value)
    assert not (tmp_path / "words").exists()


def test_in_cluster_mode_an_application_that_airflow_knows_to_have_ended_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(dag_file.build_dag(settings()).get_task("train"), "durable"):
        pytest.skip("a provider of Airflow 2.10 keeps no application's name")
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", CLUSTER)
    script = script_of(tmp_path, 0, None)
    write_result(tmp_path, "train", result_text(None))
    task = dag_file.build_dag(settings()).get_task("train")
    monkeypatch.setattr(type(task), "get_job_status", lambda *_: "FAILED")

    with pytest.raises(RETRY):
        run(
            tmp_path,
            monkeypatch,
            script,
            task_state_store={task.external_id_key: "driver-20261129-0000"},
        )


WORKER = """
import sys
sys.path[:0] = [{tests!r}, {dags!r}]
import conftest, fakes, pathlib, splitmask_dag as dag_file
task = dag_file.build_dag(fakes.settings()).get_task("train")
task.__class__.test_mode = True
task.execute(fakes.context(pathlib.Path({folder!r})))
"""


@pytest.mark.skipif(not LINUX, reason="only Linux tells a process that its parent has ended")
def test_a_driver_in_client_mode_ends_with_its_worker(tmp_path: Path) -> None:
    path = spark_submit(tmp_path, f"echo $$ > {tmp_path}/driver; exec sleep 300")["PATH"]
    tests = Path(__file__).parent
    code = WORKER.format(tests=str(tests), dags=str(tests.parent), folder=str(tmp_path))
    worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PATH": path})
    driver = int(_wait_for(lambda: (tmp_path / "driver").read_text()))
    assert _is_alive(driver)

    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()

    _wait_for(lambda: "ended" if not _is_alive(driver) else "")


def _wait_for(what: Any) -> str:
    for _ in range(600):
        try:
            if found := what():
                return str(found)
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("waited for a minute")


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_results_on_an_object_store_are_read_through_airflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the provider of Amazon's, against a stand-in for S3."""
    pytest.importorskip("airflow.providers.amazon")
    pytest.importorskip("s3fs")
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        connection = {
            "conn_type": "aws",
            "login": "any",
            "password": "any",
            "extra": {"endpoint_url": url, "region_name": "us-east-1"},
        }
        monkeypatch.setenv("AIRFLOW_CONN_STORE", json.dumps(connection))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        client = boto3.client(
            "s3",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )
        client.create_bucket(Bucket="bucket")
        file = f"s3a://bucket/results/{DATE}/train.json"
        site = settings(storage_connection="store")

        assert dag_file.read_outcome(file, site) is None
        dag_file.begin(file, site)
        assert dag_file.read_outcome(file, site) == dag_file.Outcome(None, "", {})
        text = result_text(4, "the store was away").encode()
        client.put_object(Bucket="bucket", Key=f"results/{DATE}/train.json", Body=text)
        outcome = dag_file.read_outcome(file, site)

        assert outcome is not None
        assert (outcome.code, outcome.message) == (4, "the store was away")
        dag_file.forget(file, site)
        assert client.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
    finally:
        server.stop()


SAID_BY_THE_LAUNCHER = [
    (0, '{"rounds": 4}', "", dag_file.Outcome(0, "", {"rounds": 4})),
    (3, "", "error: no pictures", dag_file.Outcome(3, "no pictures", {})),
    (4, "", "error: away", dag_file.Outcome(4, "away", {})),
    (4, "", "error: there is no result at hdfs:///r: its command has not begun", None),
    *(
        (4, "", f"error: {said}", dag_file.Outcome(None, said, {}))
        for said in (
            "the command of hdfs:///r has not ended: it still runs, or was killed",
            "the command of hdfs:///r is still running, or it was killed",
            "hdfs:///r is cut off, or no result of a command",
        )
    ),
]


@pytest.mark.parametrize(("code", "out", "err", "expected"), SAID_BY_THE_LAUNCHER)
def test_results_on_hdfs_are_read_by_the_launcher(
    tmp_path: Path, code: int, out: str, err: str, expected: dag_file.Outcome | None
) -> None:
    site = settings(launcher=str(launcher(tmp_path, code, out, err)))
    assert dag_file.read_outcome("hdfs:///r", site) == expected
    assert (tmp_path / "words").read_text() == "result hdfs:///r\n"


def test_results_on_hdfs_are_begun_by_the_launcher(tmp_path: Path) -> None:
    dag_file.begin("hdfs:///r", settings(launcher=str(launcher(tmp_path, 0, "{}", ""))))
    assert (tmp_path / "words").read_text() == "result --begin hdfs:///r\n"
    with pytest.raises(subprocess.CalledProcessError):
        dag_file.begin("hdfs:///r", settings(launcher=str(launcher(tmp_path, 4, "", "away"))))


def test_results_on_hdfs_are_forgotten_by_the_launcher(tmp_path: Path) -> None:
    dag_file.forget("hdfs:///r", settings(launcher=str(launcher(tmp_path, 4, "", "error: no"))))
    assert (tmp_path / "words").read_text() == "result --result=hdfs:///r hdfs:///r.none\n"


def launcher(folder: Path, code: int, out: str, err: str) -> Path:
    """A launcher that is a script."""
    program = folder / "splitmask"
    program.write_text(
        f'#!/bin/bash\necho "$@" > {folder}/words\n'
        f"echo -n '{out}'\necho '{err}' >&2\nexit {code}\n"
    )
    program.chmod(0o755)
    return program
