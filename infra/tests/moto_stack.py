"""The translated template, deployed into moto's server on loopback: what moto knows of it, the rest made by hand or left
out. As a program it says where everything is in one line of JSON, and serves until its standard input ends."""

import json
import os
import sys
import urllib.request

import boto3
from moto.cloudformation.parsing import resource_class_from_type
from moto.server import ThreadedMotoServer

import translate

NAME = "sekisho"
PARAMETERS = {
    "XUserId": "2244994945",
    "YouTubeChannelId": "UCsekishoOfficial0000001",
    "OperatorAddress": "operator@example.com",
    "DeskAddress": "privacy@desk.example.com",
    "OfficerAddress": "officer@example.com",
}


def known(resource):
    """Whether moto makes resources of this type."""
    return resource_class_from_type(resource["Type"]) is not None


class Stack:
    """A server with the stack in it."""

    def __init__(self, parameters=None, secret=None, without=()):
        # Nothing is run by moto itself, so no code of a function has to exist.
        os.environ.update(VALIDATE_LAMBDA_S3="false", AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_DEFAULT_REGION=translate.REGION)
        self.template = translate.translated()
        self.resources = {name: r for name, r in self.template["Resources"].items() if r["Type"] not in without}
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        # Servers of one process share what they hold.
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()
        self.skipped = sorted({r["Type"] for r in self.resources.values() if not known(r)})
        self.secret = json.dumps(secret or {})
        self.physical = self.deploy({**PARAMETERS, **(parameters or {})})

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=translate.REGION)

    def deploy(self, parameters):
        self.client("s3").create_bucket(Bucket=translate.CODE["Bucket"], CreateBucketConfiguration={"LocationConstraint": translate.REGION})
        self.by_hand(parameters)
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": self.template["Parameters"],
            "Conditions": self.template["Conditions"],
            "Resources": {name: r for name, r in stand_ins(self.resources, self.resources).items() if known(r)},
            "Outputs": stand_ins(self.template["Outputs"], self.resources),
        }
        formation = self.client("cloudformation")
        formation.create_stack(
            StackName=NAME,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        [stack] = formation.describe_stacks(StackName=NAME)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        made = formation.describe_stack_resources(StackName=NAME)["StackResources"]
        physical = {resource["LogicalResourceId"]: resource.get("PhysicalResourceId") for resource in made}
        self.lock(physical)
        return physical

    def lock(self, physical):
        """moto's CloudFormation makes buckets without their versions and their object lock."""
        s3 = self.client("s3")
        for name, bucket in translate.of_type(self.resources, "AWS::S3::Bucket").items():
            if "VersioningConfiguration" in bucket["Properties"]:
                s3.put_bucket_versioning(Bucket=physical[name], VersioningConfiguration=bucket["Properties"]["VersioningConfiguration"])
            if bucket["Properties"].get("ObjectLockEnabled"):
                s3.put_object_lock_configuration(Bucket=physical[name], ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})

    def by_hand(self, parameters):
        """What moto has, but not for CloudFormation."""
        for name in translate.of_type(self.resources, "AWS::SecretsManager::Secret"):
            self.client("secretsmanager").create_secret(Name=name, SecretString=self.secret)
        for name in translate.of_type(self.resources, "AWS::SES::ConfigurationSet"):
            self.client("sesv2").create_configuration_set(ConfigurationSetName=name)
        self.client("sesv2").create_email_identity(EmailIdentity=parameters["DeskAddress"].split("@")[1])

    def functions(self):
        """The variables of each function, as the stack resolved them."""
        client = self.client("lambda")
        names = [name for name in translate.of_type(self.resources, "AWS::Lambda::Function")]
        configurations = [client.get_function_configuration(FunctionName=self.physical[name]) for name in names]
        return {c["FunctionName"].removeprefix(f"{NAME}-"): c["Environment"]["Variables"] for c in configurations}


def stand_ins(section, resources):
    """A section of the template, in which references to what moto cannot make are the names under which it is made by
    hand, or plain words."""
    unknown = {name for name, resource in resources.items() if not known(resource)}

    def replaced(value):
        if isinstance(value, list):
            return [replaced(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if value.get("Ref") in unknown:
            return value["Ref"]
        if "Fn::GetAtt" in value and value["Fn::GetAtt"][0] in unknown:
            return f"arn:aws:local:{translate.REGION}:123456789012:{value['Fn::GetAtt'][0]}"
        if isinstance(value.get("Fn::Sub"), str):
            text = value["Fn::Sub"]
            for name in unknown:
                text = text.replace(f"${{{name}}}", name.lower()).replace(f"${{{name}.Arn}}", name)
            return {"Fn::Sub": text}
        return {key: replaced(inner) for key, inner in value.items()}

    def without_unknown(resource):
        kept = replaced(resource)
        if kept.get("DeletionPolicy") == "RetainExceptOnCreate":
            kept["DeletionPolicy"] = "Retain" # the same, once it was made; moto knows this one alone
        after = [name for name in listed(kept.get("DependsOn", [])) if name not in unknown]
        kept.pop("DependsOn", None)
        return {**kept, "DependsOn": after} if after else kept

    return {name: without_unknown(resource) for name, resource in section.items()}


def listed(value):
    return value if isinstance(value, list) else [value]


def main():
    # Without what wakes functions: moto would run them itself, in containers.
    stack = Stack(**json.loads(sys.argv[1] if sys.argv[1:] else "{}"), without=["AWS::Lambda::EventSourceMapping"])
    print(json.dumps({"endpoint": stack.endpoint, "physical": stack.physical, "functions": stack.functions()}), flush=True)
    sys.stdin.read()
    stack.server.stop()


if __name__ == "__main__":
    main()
