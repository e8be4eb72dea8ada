"""The template as CloudFormation gets it: SAM's own translation, made without an account."""

import json
import os
import pathlib

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = pathlib.Path(__file__).resolve().parent.parent / "template.yaml"
REGION = "ap-northeast-1"
CODE = {"Bucket": "artefacts", "Key": "function.zip"}


class NoManagedPolicies:
    """Our roles name none."""

    def load(self):
        return {}


def template():
    return yaml_parse(TEMPLATE.read_text())


def translated():
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    source = template()
    # `sam package` puts an address of S3 in the place of the folder.
    source["Globals"]["Function"]["CodeUri"] = CODE
    return json.loads(json.dumps(transform(source, {}, NoManagedPolicies()), default=str))


def of_type(resources, kind):
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}
