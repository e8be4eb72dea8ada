"""Each role grants what its function asks for in the tests, and nothing else. Runs after the tests that record the calls."""

import os
import pathlib

import pytest

import policies
from translate import of_type


@pytest.fixture(scope="module")
def calls(root, resources):
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    return policies.recorded(pathlib.Path(os.environ.get("SEKISHO_CALLS", target / "calls")), resources)


def functions():
    import translate

    return sorted(of_type(translate.translated()["Resources"], "AWS::Lambda::Function"))


def code_name(name):
    """`data-request` of `DataRequest`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("-")


@pytest.mark.parametrize("name", functions())
def test_a_role_grants_what_its_function_asks_for(name, calls, resources):
    seen = calls[code_name(name)]
    assert seen, "no call was recorded: run tests/run as a whole"
    granted, needed = policies.granted(resources[f"{name}Role"]), policies.needed(seen, name, resources)
    missing, idle = sorted(needed - granted), sorted(granted - needed)
    assert not missing and not idle, "\n".join(
        ["", *(f"not granted: {grant}" for grant in missing), *(f"granted, never used: {grant}" for grant in idle)]
    )
    assert policies.services(resources[f"{name}Role"]) == {service for _, service in policies.encrypted(needed)}


def test_no_role_but_a_functions_own_is_given_away(resources):
    roles = {f"{name}Role" for name in functions()} | {"SchedulerRole"}
    assert set(of_type(resources, "AWS::IAM::Role")) == roles
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role["Properties"], name
        for statement in policies.statements(role):
            assert not any("*" in action for action in policies.listed(statement["Action"])), f"{name}: {statement}"


def test_the_scheduler_wakes_what_schedules_name(resources):
    grants = policies.granted(resources["SchedulerRole"])
    targets = [schedule["Properties"]["Target"] for schedule in of_type(resources, "AWS::Scheduler::Schedule").values()]
    wanted = {policies.Grant("lambda:InvokeFunction", target["Arn"]["Fn::GetAtt"][0], "*") for target in targets}
    wanted |= {policies.Grant("sqs:SendMessage", target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0], "*") for target in targets}
    assert grants == wanted | {policies.Grant("kms:Decrypt", "Key", "*")}
