"""What the tests of health share apart from fixtures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

from dbtool import checks, config

Connection = psycopg.Connection[Any]
Connect = Callable[..., Connection]
Check = Callable[..., list[checks.Finding]]
MakeRole = Callable[..., str]

PACKAGED = config.read_source(config.packaged_sql())
NAMES = sorted(checks.files([PACKAGED]))
