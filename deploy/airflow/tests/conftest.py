"""A database and a home for Airflow, of the tests alone, before anything imports it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="splitmask-airflow-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
# An object store in memory, as fsspec has it.
os.environ["AIRFLOW_CONN_SPARK_DEFAULT"] = (
    '{"conn_type": "spark", "host": "local[2]", "extra": {"deploy-mode": "client"}}'
)
os.environ.pop("SPLITMASK_DAG_SETTINGS", None)
sys.path.insert(0, str(HERE.parent))
