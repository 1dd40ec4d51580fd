"""Loading a model: part of `rasa_patches`, which applies it.

Stock parses and checks the YAML of the model's domain four times, two seconds in all, though the model's
metadata has the same domain as JSON, and Rasa has just read it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider

_DOMAIN = "_domain_of_metadata"
_stock_from_archive = LocalModelStorage.from_model_archive.__func__
_stock_load_domain = DomainProvider.load.__func__


def apply() -> None:
    """The domain of a model's archive is that of its metadata."""
    LocalModelStorage.from_model_archive = classmethod(_from_archive)
    # The graph names its arguments: they cannot be positional only.
    DomainProvider.load = classmethod(_load_domain)  # type: ignore[arg-type]


def _from_archive(
    cls: type[LocalModelStorage], storage_path: Path, model_archive_path: str | Path
) -> tuple[LocalModelStorage, ModelMetadata]:
    storage, metadata = _stock_from_archive(cls, storage_path, model_archive_path)
    setattr(storage, _DOMAIN, metadata.domain)
    return storage, metadata


def _load_domain(
    cls: type[DomainProvider],
    config: dict[str, Any],
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,
    **options: Any,
) -> DomainProvider:
    domain = getattr(model_storage, _DOMAIN, None)
    if domain is None:  # not out of an archive
        return _stock_load_domain(cls, config, model_storage, resource, execution_context, **options)
    return cls(model_storage, resource, domain)
