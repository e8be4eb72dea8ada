"""Linters find nothing, neither in the template nor in what SAM makes of it; each exception is in the template, with its
reason."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import translate

BIN = pathlib.Path(sys.executable).parent
CHECKOV = BIN.parent / "checkov/bin/checkov"
OFFLINE = {**os.environ, "LOG_LEVEL": "ERROR", "BC_SKIP_MAPPING": "TRUE", "CKV_IGNORE_HIDDEN_DIRECTORIES": "False"}


@pytest.fixture(params=["template", "translation"])
def file(request, translated_file):
    return translate.TEMPLATE if request.param == "template" else translated_file


def test_the_template_is_what_its_parts_make():
    subprocess.run([sys.executable, translate.TEMPLATE.parent / "assemble", "--check"], check=True)


def test_cfn_lint_finds_nothing(file):
    done = subprocess.run([BIN / "cfn-lint", "--regions", translate.REGION, "--", file], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout.strip(), done.stdout + done.stderr


def test_checkov_finds_nothing(file):
    command = [CHECKOV, "--file", file, "--framework", "cloudformation", "--skip-download", "--output", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, env=OFFLINE)
    report = json.loads(done.stdout)
    failed = [f"{check['check_id']} {check['resource']}: {check['check_name']}" for check in report["results"]["failed_checks"]]
    assert not failed and done.returncode == 0, "\n".join(failed)
    assert report["summary"]["passed"] > 50, "it looked at nothing"


def test_each_exception_has_its_reason(source):
    for name, resource in source["Resources"].items():
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skip.get("comment", "")) > 15, f"{name} skips {skip['id']} without a reason"
