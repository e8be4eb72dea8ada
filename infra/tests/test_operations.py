"""Alarms look at metrics that exist, and the runbook says what each means."""

import json
import re
import subprocess
import sys

import pytest

import metrics as declared
import translate
from translate import of_type


@pytest.fixture(scope="module")
def metrics(root):
    return declared.metrics(root)


def watched(alarm):
    """Every metric that an alarm looks at."""
    properties = alarm["Properties"]
    for query in properties.get("Metrics", []):
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"]
    if "MetricName" in properties:
        yield properties


def test_alarms_look_at_metrics_that_exist(resources, metrics):
    functions = {folder["Properties"]["FunctionName"]["Fn::Sub"].split("}-")[1] for folder in of_type(resources, "AWS::Lambda::Function").values()}
    for name, alarm in of_type(resources, "AWS::CloudWatch::Alarm").items():
        for metric in watched(alarm):
            dimensions = {d["Name"]: d["Value"] for d in metric["Dimensions"]}
            if metric["Namespace"] == "Sekisho":
                known = metrics[metric["MetricName"]]
                assert dimensions.pop("function") in functions, name
                assert set(dimensions) == set(known.labels), f"{name}: {metric['MetricName']} has the labels {known.labels}"
                for label, value in dimensions.items():
                    assert value in known.values(label), f"{name}: {label} is never {value}"
            else:
                assert metric["Namespace"] in ("AWS/SQS", "AWS/Lambda", "AWS/SES", "AWS/ApiGateway", "AWS/DynamoDB"), name
                [referenced] = [value for value in dimensions.values() if isinstance(value, dict)]
                target = referenced.get("Ref") or referenced["Fn::GetAtt"][0]
                assert target in resources, name


def test_alarms_tell_the_operator(resources):
    for name, alarm in of_type(resources, "AWS::CloudWatch::Alarm").items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}], name
        silence = "breaching" if name in ("AuditMissingAlarm", "OverdueAlarm") else "notBreaching"
        assert alarm["Properties"]["TreatMissingData"] == silence, name
    [subscription] = resources["Alarms"]["Properties"]["Subscription"]
    assert subscription["Endpoint"] == {"Ref": "OperatorAddress"}


def test_enforce_that_does_not_run_is_told_and_a_late_action_at_once(resources):
    assert resources["EnforceDue"]["Properties"]["ScheduleExpression"] == "rate(1 minute)"
    alarm = resources["OverdueAlarm"]["Properties"]
    assert alarm["EvaluationPeriods"] * alarm["Period"] == 900
    assert alarm["DatapointsToAlarm"] == 1


def test_a_report_each_night_is_enough_and_a_night_without_one_is_told(resources):
    alarm = resources["AuditMissingAlarm"]["Properties"]
    [query, metric] = alarm["Metrics"]
    assert (query["Expression"], metric["MetricStat"]["Period"]) == ("FILL(m_sweep, 0)", 3600)
    assert metric["MetricStat"]["Metric"]["MetricName"] == "audit_reports" and metric["MetricStat"]["Stat"] == "Sum"
    assert alarm["EvaluationPeriods"] == alarm["DatapointsToAlarm"]

    def told(reports):
        """Whether the alarm is ever on, given the hours of reports, in the days from the first to the last of them."""
        hours = [1 if hour in reports else 0 for hour in range(reports[0], reports[-1] + 1)]
        span = alarm["EvaluationPeriods"]
        return any(all(count < alarm["Threshold"] for count in hours[start : start + span]) for start in range(len(hours) - span))

    assert not told([3, 27, 53, 75]), "a night that took two hours longer"
    assert told([3, 27, 75]), "no report in the third night"


def poll_minutes():
    """Every number of minutes that the template allows."""
    allowed = translate.template()["Parameters"]["PollMinutes"]
    return range(allowed["MinValue"], allowed["MaxValue"] + 1)


def in_alarm(alarm, minutes, counts):
    """Whether an alarm is on, given what each of its metrics that counted anything has in its period."""
    expression = alarm["Metrics"][0]["Expression"]
    expression = expression["Fn::Sub"].replace("${PollMinutes}", str(minutes)) if isinstance(expression, dict) else expression
    total = eval(re.sub(r"FILL\((\w+), 0\)", lambda m: str(counts.get(m[1], 0)), expression))
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold" and alarm["EvaluationPeriods"] == 1
    return total > alarm["Threshold"]


@pytest.mark.parametrize("platform", ["x", "youtube"])
@pytest.mark.parametrize("reason", ["platform", "deadline"])
@pytest.mark.parametrize("minutes", poll_minutes())
def test_a_list_that_is_refused_or_not_read_to_its_end_at_each_poll_is_an_alarm(platform, reason, minutes, resources):
    told = {"function": "sweep", "platform": platform, "reason": reason}
    [(alarm, query)] = [
        (alarm["Properties"], query)
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        for query in alarm["Properties"].get("Metrics", [])
        if "MetricStat" in query
        and query["MetricStat"]["Metric"]["MetricName"] == "poll_put_off"
        and {d["Name"]: d["Value"] for d in query["MetricStat"]["Metric"]["Dimensions"]} == told
    ]
    # Ticks drift: an hour may have one poll fewer.
    polls = query["MetricStat"]["Period"] // (60 * minutes)
    assert in_alarm(alarm, minutes, {query["Id"]: polls - 1})
    assert not in_alarm(alarm, minutes, {query["Id"]: polls // 3})


@pytest.mark.parametrize("minutes", poll_minutes())
def test_what_lasts_is_told_without_a_pause(minutes, resources, root):
    """Each period has what the sweep tells as long as something is wrong, even if a tick comes late."""
    look = re.search(r"const EVERY: SignedDuration = SignedDuration::from_mins\((\d+)\)", (root / "functions/sweep/src/poll/webhook.rs").read_text())
    between = {"subscriptions": 60 * (int(look[1]) + minutes), "account_stopped": 60 * minutes}
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        for query in alarm["Properties"].get("Metrics", []):
            stat = query.get("MetricStat", {"Metric": {"MetricName": ""}})
            seconds = between.pop(stat["Metric"]["MetricName"], None)
            assert seconds is None or stat["Period"] > seconds + 60, stat["Metric"]["MetricName"]
    assert not between


def test_the_runbook_has_each_alarm(resources, root):
    runbook = (root / "infra/RUNBOOK.md").read_text()
    entries = dict(re.findall(r"^### ([\w-]+)\n(.*?)(?=^##|\Z)", runbook, re.M | re.S))
    named = set()
    for name, alarm in of_type(resources, "AWS::CloudWatch::Alarm").items():
        entry = re.search(r"RUNBOOK\.md, ([\w-]+)$", alarm["Properties"]["AlarmDescription"])
        assert entry, f"{name} names no entry of the runbook"
        named.add(entry[1])
        assert "```sh\n" in entries[entry[1]], f"{entry[1]}: no first command"
    assert named | {"spend"} == set(entries)


def test_the_runbook_begins_with_the_deployed_environment(root):
    """Without it `sekisho` works on the simulated accounts: whoever pauses one of them pauses nothing."""
    first = re.search(r"```sh\n(.*?)```", (root / "infra/RUNBOOK.md").read_text(), re.S)[1]
    assert 'eval "$(infra/deploy --environment)"' in first and "${SEKISHO_TABLE:?}" in first


def test_the_runbooks_commands_name_what_exists(resources, root):
    runbook = (root / "infra/RUNBOOK.md").read_text()
    for function in re.findall(r"--function-name \$STACK-(\w[\w-]*)", runbook):
        assert function in {f["Properties"]["FunctionName"]["Fn::Sub"].split("}-")[1] for f in of_type(resources, "AWS::Lambda::Function").values()}
    for name in re.findall(r"\bresource (\w+)", runbook):
        assert name in resources, f"the stack has no {name}"


def test_the_metrics_page_is_current(root):
    assert (root / "infra/METRICS.md").read_text() == declared.page(root), "run infra/metrics.py"


def test_the_dashboard_shows_metrics_that_exist(resources, metrics):
    [dashboard] = of_type(resources, "AWS::CloudWatch::Dashboard").values()
    body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"]
    for name in re.findall(r'MetricName=\\?\\"(\w+)', body):
        if name.islower():
            assert name in metrics, name
    assert metrics.keys() - set(re.findall(r"\w+", body)) == set(), "a metric that nobody sees"


def test_the_cost_page_is_current(root):
    subprocess.run([sys.executable, root / "infra/cost/page", "--check"], check=True)


def test_the_cost_pages_assumptions_are_the_templates(source, root):
    assumed = json.loads((root / "infra/cost/assumptions.json").read_text())
    assert assumed["memory_mb"] == source["Globals"]["Function"]["MemorySize"]
    assert assumed["poll_minutes"] == source["Parameters"]["PollMinutes"]["Default"]
    desk = source["Resources"]["DeskSchedule"]["Properties"]["ScheduleExpression"]
    assert desk == f"rate({assumed['desk_minutes']} minutes)"
