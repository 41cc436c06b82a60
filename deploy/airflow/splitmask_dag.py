# SPDX-License-Identifier: Apache-2.0
"""SplitMask on a schedule: prepare, train, evaluate, a gate on the accuracy, export.

One file for Airflow 2.10 and 3. Put it into the folder of DAGs, and beside it, if the defaults
do not fit, a `splitmask_dag.yaml` with the settings of your site. docs/airflow.md explains both.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

try:  # Airflow 3
    from airflow.sdk import DAG, ObjectStoragePath, Param, task
except ImportError:  # Airflow 2.10
    from airflow import DAG  # type: ignore
    from airflow.decorators import task  # type: ignore
    from airflow.io.path import ObjectStoragePath  # type: ignore
    from airflow.models.param import Param  # type: ignore
try:  # Airflow 3.1 and later
    from airflow.sdk.exceptions import (
        AirflowException,
        AirflowFailException,
        AirflowSkipException,
    )
except ImportError:
    from airflow.exceptions import (  # type: ignore
        AirflowException,
        AirflowFailException,
        AirflowSkipException,
    )

LOG = logging.getLogger(__name__)

# --- Settings of the site: read when Airflow parses this file -----------------------------------

SETTINGS: dict[str, Any] = {
    "dag-id": "splitmask",
    "operator": "spark",  # SparkSubmitOperator; or kubernetes: SparkKubernetesOperator
    "schedule": None,  # a cron expression or @daily; None: only when it is triggered
    "start-date": "2026-01-01",
    "retries": 3,
    "retry-delay-seconds": 300,
    "jars": "/opt/splitmask/jars",  # where the driver finds the application jars
    "launcher": "/opt/splitmask/splitmask",  # reads results on HDFS
    "storage-connection": None,  # Airflow's connection for results on object stores
    "on-failure": None,  # "package.module:function", called with Airflow's context
    "parameters": {},  # defaults of the parameters below
    "spark-conf-files": [],  # files of Spark's settings, as conf/spark has them
    "spark-conf": {},  # for all commands; wins over the files
    "spark-files": None,  # files that travel with the command, with commas between them
    "spark-conf-of": {},  # for one: {"train": {"spark.task.cpus": "4"}}
    "kubernetes": {
        "connection": "kubernetes_default",
        "namespace": "default",
        "image": "splitmask:latest",
        "service-account": "splitmask",
        "executor-service-account": "splitmask-executor",
        "template": None,  # a file with a SparkApplication, in place of the one below
    },
}


def read_settings(file: Path) -> dict[str, Any]:
    """The defaults above, with those of the file over them. Unknown keys are refused."""
    if not file.is_file():
        return deepcopy(SETTINGS)
    given = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return settings_of(given, str(file))


def settings_of(given: Mapping[str, Any], origin: str = "the settings") -> dict[str, Any]:
    """The defaults, with the given settings over them."""
    settings = deepcopy(SETTINGS)
    _refuse_unknown(given, SETTINGS, origin)
    _refuse_unknown(given.get("kubernetes", {}), SETTINGS["kubernetes"], f"{origin}, kubernetes")
    _refuse_unknown(given.get("parameters", {}), PARAMETERS, f"{origin}, parameters")
    _refuse_unknown(given.get("spark-conf-of", {}), COMMANDS, f"{origin}, spark-conf-of")
    settings.update(
        {**given, "kubernetes": {**settings["kubernetes"], **given.get("kubernetes", {})}}
    )
    if settings["operator"] not in ("spark", "kubernetes"):
        raise ValueError(
            f"{origin}: operator must be spark or kubernetes: {settings['operator']!r}"
        )
    return settings


def _refuse_unknown(given: Mapping[str, Any], known: Mapping[str, Any], origin: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"{origin}: unknown keys {unknown}; the known ones are {sorted(known)}")


# --- Parameters of a run: in the form that triggers it, or with --conf ---------------------------

# No word may look like an option of the command.
_WORD = {"type": "string", "pattern": r"^[^-\s]", "maxLength": 4096}
_WORD_OR_NONE = {**_WORD, "type": ["null", "string"], "default": None}
_KEYS = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[a-z][a-z0-9-]*=", "maxLength": 4096},
    "default": [],
}

PARAMETERS: dict[str, dict[str, Any]] = {
    "input": {
        "type": "array",
        "items": _WORD,
        "minItems": 1,
        "description": "Pictures: folders, archives, lists; one a line. {date} is replaced.",
    },
    "table": {**_WORD, "description": "The patch table's folder. {date} is replaced."},
    "runs": {**_WORD, "description": "The folder of runs; a run is in RUNS/DATE."},
    "exports": {**_WORD, "description": "The folder of encoders: EXPORTS/DATE.safetensors."},
    "results": {
        **_WORD_OR_NONE,
        "description": "The folder of results: RESULTS/DATE/COMMAND.json; none: RUNS/results.",
    },
    "labels": {**_WORD_OR_NONE, "description": "prepare's file of labels. {date} is replaced."},
    "prepare-config": {**_WORD_OR_NONE, "description": "prepare's YAML file of keys."},
    "prepare-keys": {**_KEYS, "description": "prepare's keys, such as image-size=64; one a line."},
    "train-config": {**_WORD_OR_NONE, "description": "train's YAML file of keys."},
    "train-keys": {**_KEYS, "description": "train's keys, such as epochs=100; one a line."},
    "workers": {
        "type": ["null", "integer"],
        "minimum": 1,
        "maximum": 10000,
        "default": None,
        "description": "train's key workers; none: the configuration's.",
    },
    "probe": {
        "type": "string",
        "enum": ["linear", "knn"],
        "default": "linear",
        "description": "The probe that the gate looks at.",
    },
    "accuracy": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "default": 0,
        "description": "The gate: the trained encoder's accuracy must be at least this share.",
    },
    "margin": {
        "type": "number",
        "minimum": -1,
        "maximum": 1,
        "default": 0,
        "description": "The gate: it must be better by this than the encoder before training.",
    },
    "below-gate": {
        "type": "string",
        "enum": ["fail", "skip"],
        "default": "fail",
        "description": "Below the gate: the DAG run fails, or the export is left out.",
    },
    "spark-connection": {
        "type": "string",
        "minLength": 1,
        "default": "spark_default",
        "description": "Airflow's connection to Spark (operator spark).",
    },
}


def _params(settings: Mapping[str, Any]) -> dict[str, Param]:
    """The parameters, with the site's defaults. One without a default must be given."""
    params = {}
    for name, declared in PARAMETERS.items():
        schema = dict(declared)
        default = {"default": schema.pop("default")} if "default" in schema else {}
        if name in settings["parameters"]:
            default = {"default": settings["parameters"][name]}
        params[name] = Param(**default, **schema)
    return params


# --- What a run of the DAG is --------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """A command of SplitMask: its jar and its main class."""

    jar: str
    main_class: str


COMMANDS = {
    "prepare": Command("data-prep.jar", "org.splitmask.prep.PrepareApp"),
    "train": Command("spark-job.jar", "org.splitmask.train.TrainApp"),
    "evaluate": Command("spark-job.jar", "org.splitmask.train.EvaluateApp"),
    "export": Command("spark-job.jar", "org.splitmask.train.ExportApp"),
}


@dataclass(frozen=True)
class Night:
    """The paths and arguments of one logical date. The same date has the same, always."""

    date: str
    params: Mapping[str, Any]

    @staticmethod
    def of(context: Mapping[str, Any]) -> Night:
        """The run's date is the logical date; where Airflow 3 has none, when it was triggered."""
        moment: datetime = context.get("logical_date") or context["dag_run"].run_after
        moment = moment.astimezone(timezone.utc)
        midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        return Night(
            moment.strftime("%Y-%m-%d" if midnight else "%Y-%m-%dT%H%M%S"), dict(context["params"])
        )

    def _path(self, name: str) -> str:
        return str(self.params[name]).replace("{date}", self.date)

    @property
    def run(self) -> str:
        """The folder of the run."""
        return f"{self.params['runs'].rstrip('/')}/{self.date}"

    @property
    def export(self) -> str:
        """The file of the encoder."""
        return f"{self.params['exports'].rstrip('/')}/{self.date}.safetensors"

    def result(self, command: str) -> str:
        """The file that says what became of a command."""
        folder = self.params["results"] or f"{self.params['runs'].rstrip('/')}/results"
        return f"{folder.rstrip('/')}/{self.date}/{command}.json"

    def arguments(self, command: str) -> list[str]:
        """The words of a command. They go to it as they are; no shell reads them."""
        words = getattr(self, f"_{command}")()
        return [f"--result={self.result(command)}", *words]

    def _prepare(self) -> list[str]:
        inputs = [path.replace("{date}", self.date) for path in self.params["input"]]
        return [
            *(f"--input={path}" for path in inputs),
            f"--output={self._path('table')}",
            *([f"--labels={self._path('labels')}"] if self.params["labels"] else []),
            *self._config("prepare"),
        ]

    def _train(self) -> list[str]:
        workers = self.params["workers"]
        return [
            f"--table={self._path('table')}",
            f"--output={self.run}",
            *self._config("train"),
            *([f"workers={workers}"] if workers else []),
        ]

    def _evaluate(self) -> list[str]:
        # All probes and features, so that RUN/evaluation.json is kept.
        return [f"--run={self.run}", f"--table={self._path('table')}"]

    def _export(self) -> list[str]:
        return [f"--run={self.run}", f"--output={self.export}"]

    def _config(self, command: str) -> list[str]:
        config = self.params[f"{command}-config"]
        return [*([f"--config={config}"] if config else []), *self.params[f"{command}-keys"]]


# --- What became of a command --------------------------------------------------------------------

# Filesystems of Hadoop's that Airflow does not know: the launcher reads them.
_HADOOP_ONLY = {"hdfs", "viewfs", "webhdfs", "swebhdfs", "ofs", "o3fs"}

# Exit codes after which the same command would fail again.
FINAL_CODES = {2: "usage or configuration", 3: "the data", 70: "a defect of SplitMask"}


# What a result file says while its command runs.
_BEGUN = {"exit": None, "message": None, "result": None}


@dataclass(frozen=True)
class Outcome:
    """A result file. The code is none while the command runs, and where its driver was killed."""

    code: int | None
    message: str
    result: dict[str, Any]


def read_outcome(file: str, settings: Mapping[str, Any]) -> Outcome | None:
    """The result file's content, or none where there is no such file."""
    path = _storage_path(file, settings)
    if path is None:
        return _ask_launcher(file, settings)
    if not path.exists():
        return None
    try:
        tree = json.loads(path.read_text())
    except ValueError:  # the writer was killed before the last byte
        return Outcome(None, f"{file} is cut off", {})
    code = (tree.get("exit") or {}).get("code")
    return Outcome(code, tree.get("message") or "", tree.get("result") or {})


def begin(file: str, settings: Mapping[str, Any]) -> None:
    """Says in the file that a command is about to begin; no earlier result is taken for its own."""
    path = _storage_path(file, settings)
    if path is None:
        subprocess.run([settings["launcher"], "result", "--begin", file], check=True)
        return
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)  # Hadoop's, of what was there
    path.write_text(json.dumps(_BEGUN))


def forget(file: str, settings: Mapping[str, Any]) -> None:
    """Makes a file that says that its command has begun say nothing."""
    path = _storage_path(file, settings)
    if path is None:
        # The launcher deletes nothing. But it writes there what became of asking for no file.
        words = ["result", f"--result={file}", f"{file}.none"]
        subprocess.run([settings["launcher"], *words], capture_output=True, check=False)
    elif path.exists():
        path.unlink()


def _storage_path(file: str, settings: Mapping[str, Any]) -> Path | ObjectStoragePath | None:
    """Where Python finds the file; none where only Hadoop does."""
    url = urlsplit(file)
    if url.scheme in ("", "file"):
        return Path(url.path if url.scheme else file)
    if url.scheme in _HADOOP_ONLY:
        return None
    return ObjectStoragePath(file, conn_id=settings["storage-connection"])


def _ask_launcher(file: str, settings: Mapping[str, Any]) -> Outcome | None:
    """`splitmask result` prints the result, or says what failed and ends with its exit code."""
    done = subprocess.run(
        [settings["launcher"], "result", file], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return Outcome(0, "", json.loads(done.stdout.strip().splitlines()[-1]))
    said = done.stderr.strip().rpartition("error: ")[2]
    if said.startswith("there is no result at"):
        return None
    unfinished = re.search(r"has not ended|is still running|is cut off", said)
    return Outcome(None if unfinished else done.returncode, said, {})


def failure_of(command: str, code: int | None, message: str) -> Exception:
    """The exception with which Airflow does what the exit code asks for."""
    said = f": {message}" if message else "; its log says why"
    if code in FINAL_CODES:
        return AirflowFailException(
            f"{command} ended with exit code {code} ({FINAL_CODES[code]}){said}."
            " A retry cannot help."
        )
    what = "without an exit code of its own" if code is None else f"with exit code {code}"
    return AirflowException(f"{command} ended {what}{said}. It may be tried again.")


class CommandTask:
    """A command of SplitMask as a task; the operators below say how it is started.

    A mixin: `follow` is the way of one try from its arguments to its result.
    """

    command: str
    settings: Mapping[str, Any]

    def follow(self, context: Any, night: Night, execute: Callable[[Any], Any]) -> dict[str, Any]:
        """Runs the command, and returns its result. A failure says whether to try again."""
        file = night.result(self.command)
        try:
            execute(context)
        except (AirflowFailException, AirflowSkipException):
            raise
        except Exception as failure:
            outcome = self._outcome(file)
            if outcome is None or outcome.code is None:
                raise failure_of(self.command, self.exit_code(), str(failure)) from failure
            raise failure_of(self.command, outcome.code, outcome.message) from failure
        outcome = read_outcome(file, self.settings)
        if outcome is None or outcome.code is None:
            raise AirflowException(f"{self.command} is done, but {file} does not have its result")
        if outcome.code != 0:
            raise failure_of(self.command, outcome.code, outcome.message)
        LOG.info("result of %s: %s", self.command, json.dumps(outcome.result))
        context["ti"].xcom_push(key="return_value", value=outcome.result)
        return outcome.result

    def about_to_start(self, file: str, *, may_be_alive: bool, name: str) -> None:
        """Says that a command begins. Starts no second driver beside one that may be alive."""
        if may_be_alive:
            outcome = read_outcome(file, self.settings)
            if outcome is not None and outcome.code is None:
                raise AirflowFailException(
                    f"{self.command} was started by an earlier try, and {file} does not say that it"
                    f" has ended. Look for the application {name} in the cluster. When it runs no"
                    " more, delete that file and clear this task."
                )
        begin(file, self.settings)

    def _outcome(self, file: str) -> Outcome | None:
        """What the result file says of a command that has failed."""
        try:
            outcome = read_outcome(file, self.settings)
            if outcome is not None and outcome.code is None:
                forget(file, self.settings)  # its end was seen: no driver is alive
        except Exception:  # whatever the storage says: the failure of the command is what counts
            LOG.exception("cannot read the result at %s", file)
            return None
        return outcome

    def exit_code(self) -> int | None:
        """The exit code as the operator knows it, where there is no result."""
        raise NotImplementedError

    def spark_conf(self) -> dict[str, str]:
        """Spark's settings for this command."""
        merged: dict[str, Any] = {}
        for file in self.settings["spark-conf-files"]:
            merged.update(_properties(Path(file).read_text(encoding="utf-8")))
        merged.update(self.settings["spark-conf"])
        merged.update(self.settings["spark-conf-of"].get(self.command, {}))
        return {key: str(value) for key, value in merged.items()}


def _properties(text: str) -> dict[str, str]:
    """The settings of a file, one a line: a key, then "=" or blanks, then the value."""
    lines = (line.strip() for line in text.splitlines())
    words = (
        re.split(r"\s*=\s*|\s+", line, maxsplit=1) for line in lines if line[:1] not in ("", "#")
    )
    return {word[0]: word[1] if len(word) > 1 else "" for word in words}


def application_name(dag_id: str, command: str, date: str) -> str:
    """The same for all tries of a task, and a DNS name, as Kubernetes wants it."""
    return re.sub(r"[^a-z0-9]+", "-", f"{dag_id}-{command}-{date}".lower())


# --- SparkSubmitOperator -------------------------------------------------------------------------

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Linux ends this process when the one that started it ends, even by kill -9.

    So no driver in client mode outlives its task, and a retry never trains beside it.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def spark_task(command: str, settings: Mapping[str, Any]) -> Any:
    """A command through spark-submit."""
    from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

    class SplitMaskSubmitOperator(CommandTask, SparkSubmitOperator):
        """spark-submit, whose outcome is the command's."""

        def __init__(self, *, command: str, settings: Mapping[str, Any], **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.command = command
            self.settings = settings

        def execute(self, context: Any) -> Any:
            night = Night.of(context)
            self._conn_id = night.params["spark-connection"]
            self.name = application_name(context["dag"].dag_id, self.command, night.date)
            self.application_args = night.arguments(self.command)
            self.conf: dict[str, str] = self.spark_conf()
            self._file = night.result(self.command)
            self._store = context.get("task_state_store")
            end_with_parent()
            self._hook = self._get_hook()
            self._make_reconnectable()
            return self.follow(context, night, super().execute)

        def _get_hook(self) -> Any:
            hook = super()._get_hook()
            submit = hook.submit

            def submit_once(application: str = "", **kwargs: Any) -> Any:
                cluster = hook._connection["deploy_mode"] == "cluster"
                # Airflow 3.3 and later asked for the state of the application that it knows.
                known = self._store is not None and self._store.get(self.external_id_key)
                self.about_to_start(
                    self._file, may_be_alive=cluster and not known, name=str(self.name)
                )
                return submit(application, preexec_fn=end_with_parent, **kwargs)

            hook.submit = submit_once  # type: ignore
            return hook

        def _make_reconnectable(self) -> None:
            """Has the provider follow the application, not spark-submit, where it can."""
            hook = self._hook
            if hook is None or hook._connection["deploy_mode"] != "cluster":
                return
            if hook._should_track_driver_status:
                # The provider asks the master; spark-submit must not wait in its place.
                self.conf["spark.standalone.submit.waitAppCompletion"] = "false"
            if hook._is_yarn and hasattr(self, "_yarn_track_via_rm_api"):
                extra = hook.get_connection(self._conn_id).extra_dejson
                self._yarn_track_via_rm_api = bool(extra.get("yarn_resourcemanager_webapp_address"))
                if not self._yarn_track_via_rm_api:
                    self.durable = False  # the provider refuses it without that address
            if hook._is_kubernetes and hasattr(self, "_track_driver_via_k8s_api"):
                self._track_driver_via_k8s_api = bool(hook._connection["namespace"])
            self._hook = self._get_hook()

        def exit_code(self) -> int | None:
            process = getattr(self._hook, "_submit_sp", None)
            code = None if process is None else process.poll()
            return code if code and code > 0 else None

    jar = COMMANDS[command].jar
    return SplitMaskSubmitOperator(
        task_id=command,
        command=command,
        settings=settings,
        application=f"{settings['jars'].rstrip('/')}/{jar}",
        java_class=COMMANDS[command].main_class,
        files=settings["spark-files"],
    )


# --- SparkKubernetesOperator ---------------------------------------------------------------------


def spark_application(
    command: str, night: Night, settings: Mapping[str, Any], conf: Mapping[str, str]
) -> dict[str, Any]:
    """The SparkApplication of a command, for the Kubeflow operator of Spark."""
    site = settings["kubernetes"]
    if site["template"]:
        body: dict[str, Any] = yaml.safe_load(Path(site["template"]).read_text(encoding="utf-8"))
    else:
        body = {"spec": _application_spec(site)}
    body["apiVersion"] = body.get("apiVersion", "sparkoperator.k8s.io/v1beta2")
    body["kind"] = "SparkApplication"
    body.setdefault("metadata", {}).setdefault("labels", {})["app.kubernetes.io/name"] = "splitmask"
    spec = body["spec"]
    spec.update(
        {
            "type": "Java",
            "mode": "cluster",
            "mainClass": COMMANDS[command].main_class,
            "mainApplicationFile": f"local://{settings['jars'].rstrip('/')}/{COMMANDS[command].jar}",
            "arguments": night.arguments(command),
            # Airflow decides about retries, since it reads the exit code.
            "restartPolicy": {"type": "Never"},
            "sparkConf": {**spec.get("sparkConf", {}), **conf},
        }
    )
    if command == "train" and night.params["workers"]:
        spec["executor"]["instances"] = night.params["workers"]
    return body


def _application_spec(site: Mapping[str, Any]) -> dict[str, Any]:
    """What the DAG asks for where the site has no template."""
    hardened = {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    pod = {"cores": 1, "memory": "3g", "memoryOverhead": "2g", "securityContext": hardened}
    return {
        "sparkVersion": "3.5.5",
        "image": site["image"],
        "imagePullPolicy": "IfNotPresent",
        "driver": {**deepcopy(pod), "serviceAccount": site["service-account"]},
        "executor": {
            **deepcopy(pod),
            "serviceAccount": site["executor-service-account"],
            "instances": 2,
        },
    }


def kubernetes_task(command: str, settings: Mapping[str, Any]) -> Any:
    """A command as a SparkApplication."""
    from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

    class SplitMaskKubernetesOperator(CommandTask, SparkKubernetesOperator):
        """A SparkApplication, whose outcome is the command's."""

        def __init__(self, *, command: str, settings: Mapping[str, Any], **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.command = command
            self.settings = settings
            self._driver_code: int | None = None

        def execute(self, context: Any) -> Any:
            night = Night.of(context)
            self.name = application_name(context["dag"].dag_id, self.command, night.date)
            body = spark_application(self.command, night, self.settings, self.spark_conf())
            self.template_spec = {"spark": body}
            self._file = night.result(self.command)
            return self.follow(context, night, super().execute)

        def get_or_create_spark_crd(self, launcher: Any, context: Any) -> Any:
            # Called where no driver pod of an earlier try is there, and before one is made. With
            # one name for all tries, the API server refuses a second application.
            self.about_to_start(self._file, may_be_alive=False, name=str(self.name))
            self._remove_ended(launcher)
            return super().get_or_create_spark_crd(launcher, context)

        def _remove_ended(self, launcher: Any) -> None:
            """Deletes the application of an earlier try, if it has ended."""
            from kubernetes.client.rest import ApiException

            try:
                body = self.custom_obj_api.get_namespaced_custom_object(
                    group=launcher.api_group,
                    version=launcher.api_version,
                    namespace=self.namespace,
                    plural=launcher.plural,
                    name=self.name,
                )
            except ApiException as failure:
                if str(failure.status) == "404":
                    return
                raise
            state = body.get("status", {}).get("applicationState", {}).get("state", "")
            if state not in ("COMPLETED", "FAILED", "SUBMISSION_FAILED"):
                raise AirflowException(
                    f"the application {self.name} of an earlier try is there, in the state"
                    f" {state or 'NEW'}; this task follows it as soon as its driver has a pod"
                )
            launcher.delete_spark_job(self.name)

        def cleanup(self, pod: Any, remote_pod: Any, *args: Any, **kwargs: Any) -> None:
            status = getattr(remote_pod, "status", None)
            for container in (status and status.container_statuses) or []:
                ended = container.state.terminated
                if ended and container.name == self.BASE_CONTAINER_NAME:
                    self._driver_code = ended.exit_code
            super().cleanup(pod, remote_pod, *args, **kwargs)

        def exit_code(self) -> int | None:
            return self._driver_code

    site = settings["kubernetes"]
    return SplitMaskKubernetesOperator(
        task_id=command,
        command=command,
        settings=settings,
        namespace=site["namespace"],
        kubernetes_conn_id=site["connection"],
        random_name_suffix=False,
        reattach_on_restart=True,
        delete_on_termination=True,
        get_logs=True,
    )


# --- The gate ------------------------------------------------------------------------------------


def judge(evaluation: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Lets a run pass whose encoder is good enough; fails or skips otherwise, as is asked for."""
    probe = params["probe"]
    scores = evaluation[probe]
    trained, before = scores["trained"], scores["random"]
    if trained >= params["accuracy"] and trained - before >= params["margin"]:
        return {"probe": probe, "trained": trained, "before-training": before}
    reason = (
        f"the {probe} probe's accuracy is {trained:.3f}, and {before:.3f} before training; wanted"
        f" are at least {params['accuracy']} and a margin of {params['margin']}."
        " Nothing is exported."
    )
    if params["below-gate"] == "skip":
        raise AirflowSkipException(reason)
    raise AirflowFailException(reason)


@task(task_id="gate", retries=0)
def gate(evaluation: dict[str, Any], params: Any = None) -> dict[str, Any]:
    """The gate as a task."""
    return judge(evaluation, params)


# --- The DAG -------------------------------------------------------------------------------------


def build_dag(settings: Mapping[str, Any]) -> DAG:
    """The DAG of a site. Only the provider of its operator needs to be installed."""
    defaults: dict[str, Any] = {
        "retries": settings["retries"],
        "retry_delay": timedelta(seconds=settings["retry-delay-seconds"]),
        # One of each kind at a time, backfills included: all write to the same table.
        "max_active_tis_per_dag": 1,
    }
    if settings["on-failure"]:
        defaults["on_failure_callback"] = function_of(settings["on-failure"])
    start = datetime.fromisoformat(str(settings["start-date"])).replace(tzinfo=timezone.utc)
    with DAG(
        dag_id=settings["dag-id"],
        description="Pictures become a table, a run, and an encoder that passed the gate",
        doc_md=__doc__,
        schedule=settings["schedule"],
        start_date=start,
        catchup=False,
        max_active_runs=1,
        default_args=defaults,
        params=_params(settings),
        tags=["splitmask"],
    ) as built:
        make = spark_task if settings["operator"] == "spark" else kubernetes_task
        prepare, train, evaluate, export = (make(command, settings) for command in COMMANDS)
        passed = gate(evaluate.output)
        prepare >> train >> evaluate >> passed >> export
    return built


def function_of(name: str) -> Callable[..., Any]:
    """The function of "package.module:function"."""
    module, separator, function = name.partition(":")
    if not separator:
        raise ValueError(f"on-failure must be package.module:function, was {name!r}")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


dag = build_dag(
    read_settings(
        Path(
            os.environ.get("SPLITMASK_DAG_SETTINGS")
            or Path(__file__).with_name("splitmask_dag.yaml")
        )
    )
)
