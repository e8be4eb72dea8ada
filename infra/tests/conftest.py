"""What the checks look at: the template, its translation, and the repository around it."""

import json
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "infra"))

import translate  # noqa: E402


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def source():
    return translate.template()


@pytest.fixture(scope="session")
def stack():
    """The translated template."""
    return translate.translated()


@pytest.fixture(scope="session")
def resources(stack):
    return stack["Resources"]


@pytest.fixture(scope="session")
def translated_file(stack, tmp_path_factory):
    file = tmp_path_factory.mktemp("translated") / "template.json"
    file.write_text(json.dumps(stack, indent=1))
    return file
