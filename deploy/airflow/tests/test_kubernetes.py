"""The SparkApplication of each command, and what happens beside one that is there already."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import splitmask_dag as dag_file
import yaml
from fakes import DATE, context, parameters, result_text, settings, write_result
from kubernetes.client.rest import ApiException

NAME = f"splitmask-train-{DATE}"


def application(command: str, folder: Path, site: dict[str, Any], **given: Any) -> dict[str, Any]:
    night = dag_file.Night(DATE, parameters(folder, **given))
    return dag_file.spark_application(command, night, site, site["spark-conf"])


@pytest.mark.parametrize("command", list(dag_file.COMMANDS))
def test_the_application_has_the_commands_class_jar_and_arguments(
    command: str, tmp_path: Path
) -> None:
    site = settings(operator="kubernetes", kubernetes={"image": "registry/splitmask:1"})
    body = application(command, tmp_path, site)

    jar = "data-prep" if command == "prepare" else "spark-job"
    assert (body["apiVersion"], body["kind"]) == (
        "sparkoperator.k8s.io/v1beta2",
        "SparkApplication",
    )
    spec = body["spec"]
    assert spec["type"] == "Java"
    assert spec["mode"] == "cluster"
    assert spec["image"] == "registry/splitmask:1"
    assert spec["mainApplicationFile"] == f"local:///opt/splitmask/jars/{jar}.jar"
    assert spec["mainClass"] == dag_file.COMMANDS[command].main_class
    assert spec["arguments"][0] == f"--result={tmp_path}/runs/results/{DATE}/{command}.json"
    assert spec["restartPolicy"] == {"type": "Never"}
    for pod in (spec["driver"], spec["executor"]):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    # The accounts of deploy/kubernetes/accounts: executors must not have the driver's rights.
    assert spec["driver"]["serviceAccount"] == "splitmask"
    assert spec["executor"]["serviceAccount"] == "splitmask-executor"


def test_workers_are_executors(tmp_path: Path) -> None:
    site = settings(operator="kubernetes", spark_conf={"spark.task.cpus": "1"})
    body = application("train", tmp_path, site, workers=8)
    assert body["spec"]["executor"]["instances"] == 8
    assert body["spec"]["arguments"][-1] == "workers=8"
    assert body["spec"]["sparkConf"] == {"spark.task.cpus": "1"}
    assert application("prepare", tmp_path, site, workers=8)["spec"]["executor"]["instances"] == 2


def test_a_template_of_the_site_gives_all_but_the_command(tmp_path: Path) -> None:
    template = tmp_path / "application.yaml"
    spec = {
        "image": "site",
        "restartPolicy": {"type": "OnFailure"},
        "sparkConf": {"spark.a": "1"},
        "driver": {"cores": 2, "nodeSelector": {"pool": "cpu"}},
        "executor": {"gpu": {"name": "nvidia.com/gpu", "quantity": 1}},
    }
    template.write_text(yaml.safe_dump({"metadata": {"name": "x"}, "spec": spec}))
    site = settings(operator="kubernetes", kubernetes={"template": str(template)})
    made = application("train", tmp_path, site)["spec"]

    assert made["image"] == "site"
    assert made["driver"] == spec["driver"]
    assert made["executor"] == spec["executor"]
    assert made["sparkConf"] == {"spark.a": "1"}
    assert made["restartPolicy"] == {"type": "Never"}


class Cluster:
    """The API server: applications and driver pods."""

    def __init__(self) -> None:
        self.applications: dict[str, dict[str, Any]] = {}
        self.pods: list[Any] = []
        self.created: list[dict[str, Any]] = []
        self.deleted: list[str] = []

    def get_namespaced_custom_object(self, *, name: str, **_: Any) -> dict[str, Any]:
        if name not in self.applications:
            raise ApiException(status=404)
        return self.applications[name]

    def get_namespaced_custom_object_status(self, *, name: str, **_: Any) -> dict[str, Any]:
        return self.applications[name]

    def create_namespaced_custom_object(self, *, body: Any, **_: Any) -> dict[str, Any]:
        name = body["metadata"]["name"]
        if name in self.applications:
            raise ApiException(status=409)
        self.created.append(body)
        made = {**body, "status": {"applicationState": {"state": "RUNNING"}}}
        self.applications[name] = made
        self.pods.append(pod(name, "Running", body["spec"]["driver"]["labels"]))
        return made

    def delete_namespaced_custom_object(self, *, name: str, **_: Any) -> None:
        self.deleted.append(name)
        self.applications.pop(name, None)

    def read_namespaced_pod(self, name: str, _namespace: str) -> Any:
        return next(found for found in self.pods if found.metadata.name == name)

    def list_namespaced_pod(self, _namespace: str, **_: Any) -> Any:
        return SimpleNamespace(items=list(self.pods))


def pod(name: str, phase: str, labels: Any = None, exit_code: int | None = None) -> Any:
    terminated = None if exit_code is None else SimpleNamespace(exit_code=exit_code)
    container = SimpleNamespace(
        name="spark-kubernetes-driver", state=SimpleNamespace(terminated=terminated)
    )
    return SimpleNamespace(
        metadata=SimpleNamespace(
            name=f"{name}-driver",
            namespace="default",
            annotations={},
            labels=dict(labels or {"try_number": "1"}),
            deletion_timestamp=None,
            creation_timestamp=None,
        ),
        spec=SimpleNamespace(containers=[]),
        status=SimpleNamespace(phase=phase, container_statuses=[container]),
    )


def run(folder: Path, cluster: Cluster, end: Any) -> Any:
    """One try of train. Kubernetes' waiting is left out: `end` does what the driver would do."""
    task = dag_file.build_dag(settings(operator="kubernetes")).get_task("train")
    task.__class__.test_mode = True
    task.__dict__.update(client=cluster, custom_obj_api=cluster)

    def wait(context: Any) -> None:
        exit_code = end()
        if exit_code:
            failed = pod(NAME, "Failed", exit_code=exit_code)
            task._killed = False
            task.patch_already_checked = lambda *_, **__: None
            task.cleanup(failed, failed)

    task.execute_sync = wait
    return task.execute(context(folder))


def test_creates_one_application_and_returns_its_result(tmp_path: Path) -> None:
    cluster = Cluster()

    def end() -> int:
        write_result(tmp_path, "train", result_text(0, result={"rounds": 4}))
        return 0

    run(tmp_path, cluster, end)

    (body,) = cluster.created
    assert body["metadata"]["name"] == NAME
    assert body["metadata"]["namespace"] == "default"
    labels = body["spec"]["driver"]["labels"]
    assert (labels["dag_id"], labels["task_id"]) == ("splitmask", "train")


def test_a_driver_that_is_alive_is_followed_and_not_started_again(tmp_path: Path) -> None:
    cluster = Cluster()
    cluster.applications[NAME] = {"status": {"applicationState": {"state": "RUNNING"}}}
    cluster.pods.append(pod(NAME, "Running"))
    write_result(tmp_path, "train", result_text(None))

    def end() -> int:
        write_result(tmp_path, "train", result_text(0, result={}))
        return 0

    run(tmp_path, cluster, end)
    assert cluster.created == []


def test_an_application_without_a_driver_yet_is_waited_for(tmp_path: Path) -> None:
    cluster = Cluster()
    cluster.applications[NAME] = {"status": {"applicationState": {"state": "SUBMITTED"}}}
    with pytest.raises(dag_file.AirflowException, match="in the state SUBMITTED") as failed:
        run(tmp_path, cluster, lambda: 0)
    assert failed.type is dag_file.AirflowException
    assert cluster.created == cluster.deleted == []


def test_an_application_that_failed_makes_way_for_the_next_try(tmp_path: Path) -> None:
    cluster = Cluster()
    cluster.applications[NAME] = {"status": {"applicationState": {"state": "FAILED"}}}
    write_result(tmp_path, "train", result_text(4, "away"))

    def end() -> int:
        write_result(tmp_path, "train", result_text(0, result={}))
        return 0

    run(tmp_path, cluster, end)
    assert cluster.deleted == [NAME]
    assert len(cluster.created) == 1


@pytest.mark.parametrize("code", [2, 3, 4, 70])
@pytest.mark.parametrize("told_by", ["result", "pod"])
def test_exit_codes_are_retried_or_not(tmp_path: Path, code: int, told_by: str) -> None:
    cluster = Cluster()

    def end() -> int:
        if told_by == "result":
            write_result(tmp_path, "train", result_text(code, "the reason"))
            return 1
        return code

    with pytest.raises(dag_file.AirflowException) as failed:
        run(tmp_path, cluster, end)
    expected = dag_file.AirflowException if code == 4 else dag_file.AirflowFailException
    assert failed.type is expected
    assert f"exit code {code}" in str(failed.value)
    assert NAME in cluster.deleted
