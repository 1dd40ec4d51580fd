"""What plain Rasa 3.6.21 does at run time that we cannot configure away; each with a test of the stock class.

`apply()` is called once, before an agent is loaded. It refuses another version of Rasa: the patches
would have to be looked at again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import rasa
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction

RASA = "3.6.21"


class WrongRasaError(RuntimeError):
    """The patches are written for one version of Rasa."""


def apply() -> None:
    """Puts the patches in place. Raises WrongRasaError."""
    if rasa.__version__ != RASA:
        raise WrongRasaError(f"patches are for Rasa {RASA}, this is {rasa.__version__}")
    RemoteAction._validate_action_result = _validate_action_result


def _validate_action_result(_action: RemoteAction, result: dict[str, Any]) -> bool:
    """Same schema, same errors; stock Rasa checks the constant schema itself again at every call."""
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)
