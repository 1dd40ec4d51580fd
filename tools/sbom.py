"""Write the bill of materials (CycloneDX 1.6, JSON) of what is delivered, from the lock files alone.

Offline; the same lock files give the same document but for its time and serial number.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from tools.locked import ROOT, Package, python_packages, widget_packages


def bill(root: Path = ROOT) -> str:
    """The document."""
    bom = Bom()
    product = Component(name="asystent", type=ComponentType.APPLICATION, bom_ref="asystent")
    bom.metadata.component = product
    components = [_component(package) for package in [*python_packages(root), *widget_packages(root)]]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(product, components)
    return str(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1))


def _component(package: Package) -> Component:
    kind = package.ecosystem.lower()
    scope, _, name = package.name.rpartition("/")
    url = PackageURL(type=kind, namespace=scope or None, name=name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        purl=url,
        bom_ref=str(url),
        # Several files of one version (wheels of platforms): one of them gets installed.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=found) for found in package.hashes],
    )


def main() -> int:
    """Writes the file that is named, else to standard output."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path)
    path = arguments.parse_args().file
    text = bill()
    if path is None:
        print(text)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
