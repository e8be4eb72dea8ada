"""infra/deploy and infra/teardown against an account on loopback: the first time, again, and the end."""

import datetime
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from moto_stack import Stack

HERE = pathlib.Path(__file__).resolve().parent
ANSWERS = ["2244994945", "UCsekishoOfficial0000001", "operator@example.com", "officer@example.com", "pr@example.com", "privacy@desk.example.com"]
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
COPIED = ["consumer", "bearer", "client", "secret", "google", "googles-secret"]


class Operator:
    """Somebody at a terminal with a checkout of their own, and an account."""

    def __init__(self, folder):
        shutil.copytree(HERE.parent, folder / "infra", ignore=shutil.ignore_patterns("company.json", ".aws-sam", "__pycache__"))
        (folder / "shared").symlink_to(HERE.parent.parent / "shared")
        self.folder, self.commands = folder, folder / "commands"
        self.account = Stack()

    def types(self, program, *arguments, answers, status=0, variables=None):
        return self.run(program, *arguments, answers=answers, status=status, variables=variables).stdout

    def run(self, program, *arguments, answers, status=0, variables=None):
        self.commands.write_text("")
        environment = {
            **{name: value for name, value in os.environ.items() if name not in KEYS},
            "PATH": f"{HERE / 'stand_ins'}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
            "COMMANDS": str(self.commands),
            "MOTO": self.account.endpoint,
            **(KEYS if variables is None else variables),
        }
        command = [sys.executable, self.folder / "infra" / program, *arguments]
        # Without a terminal of its own, what is not shown is read from standard input too.
        done = subprocess.run(command, input="\n".join([*answers, ""]), text=True, capture_output=True, env=environment, start_new_session=True)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    def secret(self):
        return json.loads(self.account.client("secretsmanager").get_secret_value(SecretId="Secrets")["SecretString"])

    def said(self):
        return self.commands.read_text()

    def parameters(self):
        """What the stack was deployed with, as SAM reads it."""
        [command] = [words for words in map(json.loads, self.said().splitlines()) if words[:2] == ["sam", "deploy"]]
        return dict(sams_reading(word) for word in command[command.index("--parameter-overrides") + 1 :])


def sams_reading(word):
    """The first parameter that SAM's command line finds in a word: its pattern, and how it takes quotes away."""
    value = r"""("(?:\\.|[^"\\]+)*"|'(?:\\.|[^'\\]+)*'|(?:\\.|[^ "\\]+)+)"""
    name, found = re.findall(rf"""(?: )([A-Za-z0-9"']+)={value}""", " " + word.strip())[0]
    if found[0] == found[-1] and found[0] in "\"'":
        found = found[1:-1]
    return name, found.replace("\\ ", " ").replace('\\"', '"').replace("\\'", "'")


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    somebody = Operator(tmp_path_factory.mktemp("checkout"))
    yield somebody
    somebody.account.server.stop()


@pytest.fixture
def fresh(tmp_path):
    """One more, whose account replaces the other's."""
    somebody = Operator(tmp_path)
    yield somebody
    somebody.account.server.stop()


def test_the_first_time_it_asks_guides_and_fills_in(operator):
    # Before, another's rule set is active.
    operator.account.client("ses").create_receipt_rule_set(RuleSetName="shared")
    operator.account.client("ses").set_active_receipt_rule_set(RuleSetName="shared")
    shown = operator.types("deploy", "--x86", answers=[*ANSWERS, "y", *COPIED])
    secret = operator.secret()
    assert secret["x_consumer_secret"] == "consumer" and secret["youtube_client_secret"] == "googles-secret"
    assert len(secret["youtube_callback_path"]) == 64
    assert f"/youtube/{secret['youtube_callback_path']}" in shown and "/x\n" in shown
    assert "http://127.0.0.1:8781/callback" in shown
    assert "Read and write" in shown and "youtube.force-ssl" in shown
    assert "inbound-smtp.ap-northeast-1.amazonaws.com" in shown
    told = {"MailRuleSet": "shared", "DeskAddress": "privacy@desk.example.com", "ReportAddress": "pr@example.com"}
    assert told.items() <= operator.parameters().items()


def test_secrets_are_on_no_command_line_and_in_no_file(operator):
    everything = operator.said() + (operator.folder / "infra/company.json").read_text()
    for word in [*COPIED[:2], *COPIED[4:], operator.secret()["youtube_callback_path"]]:
        assert word not in everything, word


def test_the_second_time_it_asks_nothing_that_it_knows(operator):
    before = operator.secret()
    operator.types("deploy", "--x86", answers=["y"])
    assert operator.secret() == before
    assert "put-secret-value" not in operator.said()


def test_each_value_arrives_as_it_was_written(operator):
    answers = operator.folder / "infra/company.json"
    before = answers.read_text()
    written = {"DeskName": "関所 個人情報 \"窓口\" o'clock", "AuditHour": 0, "CompanyDomain": "", "PollMinutes": "10"}
    answers.write_text(json.dumps({**json.loads(before), **written, "LogDays": None}))
    operator.types("deploy", "--x86", answers=["y"])
    answers.write_text(before)
    told = operator.parameters()
    assert {name: told.get(name) for name in written} == {**written, "AuditHour": "0"}
    assert "LogDays" not in told


def test_a_rule_set_that_is_no_longer_active_is_no_longer_named(operator):
    mail = operator.account.client("ses")
    mail.set_active_receipt_rule_set()
    operator.types("deploy", "--x86", answers=["n"])
    mail.set_active_receipt_rule_set(RuleSetName="shared")
    assert operator.parameters()["MailRuleSet"] == ""


def test_a_checkout_without_answers_shows_the_addresses(operator):
    answers = operator.folder / "infra/company.json"
    answers.rename(answers.with_suffix(".kept"))
    shown = operator.types("deploy", "--addresses", answers=[])
    answers.with_suffix(".kept").rename(answers)
    assert "DNS of desk.example.com" in shown and "mails to operator@example.com" in shown


def test_the_command_line_gets_the_functions_variables(operator):
    shown = operator.types("deploy", "--environment", answers=[])
    assert f"export SEKISHO_TABLE={operator.account.physical['Decisions']}\n" in shown
    assert "export AWS_REGION=ap-northeast-1\n" in shown and "export AWS_DEFAULT_REGION=ap-northeast-1\n" in shown


def test_the_command_line_gets_the_operators_credentials(operator):
    assert "AWS_ACCESS_KEY_ID" not in operator.types("deploy", "--environment", answers=[]), "they are variables already"
    signed_on = {"SIGNED_ON": "AWS_ACCESS_KEY_ID=ASIA\nAWS_SECRET_ACCESS_KEY=a/b+c=\nAWS_SESSION_TOKEN=t=="}
    shown = operator.types("deploy", "--environment", answers=[], variables=signed_on)
    for line in ("AWS_ACCESS_KEY_ID=ASIA", "AWS_SECRET_ACCESS_KEY=a/b+c=", "AWS_SESSION_TOKEN=t=="):
        name, value = line.split("=", 1)
        assert f"export {name}={shlex.quote(value)}\n" in shown
    assert "unset" not in shown
    old = operator.run("deploy", "--environment", answers=[], variables={})
    assert "AWS_ACCESS_KEY_ID" not in old.stdout and "SEKISHO_TABLE" in old.stdout
    assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in old.stderr


def test_credentials_that_have_ended_make_room_for_new_ones(operator):
    signed_on = {**KEYS, "SIGNED_ON": "AWS_ACCESS_KEY_ID=new\nAWS_SECRET_ACCESS_KEY=new"}
    ended = {**signed_on, "AWS_CREDENTIAL_EXPIRATION": "2026-01-01T00:00:00Z"}
    shown = operator.types("deploy", "--environment", answers=[], variables=ended)
    assert shown.startswith("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION\n")
    assert "export AWS_ACCESS_KEY_ID=new\n" in shown
    serving = {**signed_on, "AWS_CREDENTIAL_EXPIRATION": "2999-01-01T00:00:00+00:00"}
    assert "AWS_ACCESS_KEY_ID" not in operator.types("deploy", "--environment", answers=[], variables=serving)


def test_a_secret_is_changed_and_what_signs_serves_beside_the_newest(operator):
    before = operator.secret()
    operator.types("deploy", "--rotate", "x_consumer_secret", answers=["fresh-signature"])
    assert operator.secret()["x_consumer_secret"] == ["fresh-signature", "consumer"]
    operator.types("deploy", "--rotate", "x_consumer_secret", answers=["fresh-signature"])
    assert operator.secret()["x_consumer_secret"] == ["fresh-signature"]
    operator.types("deploy", "--rotate", "x_bearer_token", answers=["fresh-bearer"])
    assert "fresh" not in operator.said()
    operator.types("deploy", "--rotate", "youtube_websub_secret", answers=[])
    after = operator.secret()
    fresh, old = after["youtube_websub_secret"]
    assert old == before["youtube_websub_secret"] and len(fresh) == 64
    rest = {"x_consumer_secret": ["fresh-signature"], "x_bearer_token": "fresh-bearer", "youtube_websub_secret": [fresh, old]}
    assert after == {**before, **rest}


def test_what_must_not_change_is_not_changed(operator):
    before = operator.secret()
    for name in ("person_key", "youtube_callback_path"):
        operator.types("deploy", "--rotate", name, answers=["another"], status=2)
    operator.types("deploy", "--rotate", "x_bearer_token", answers=[""], status=1)
    assert operator.secret() == before


def test_a_creation_that_failed_is_taken_away_first(operator):
    failed = {**KEYS, "ROLLED_BACK": "1"}
    refused = operator.run("deploy", "--x86", answers=[], status=1, variables=failed)
    assert "infra/teardown" in refused.stderr and "sam" not in operator.said()


def test_teardown_keeps_the_data_and_says_where_it_is(operator):
    shown = operator.types("teardown", answers=[])
    for name in ("Decisions", "Requests", "Mail"):
        assert operator.account.physical[name] in shown
    assert "delete-stack" in operator.said()
    for word in ("delete-table", "delete-bucket", "delete-secret", "schedule-key-deletion"):
        assert word not in operator.said()
    # The rule set is another's.
    assert "set-active-receipt-rule-set" not in operator.said()


def test_teardown_with_data_leaves_only_what_is_locked(fresh):
    s3 = fresh.account.client("s3")
    buckets = {name: fresh.account.physical[name] for name in ("Intake", "Reports", "Rulebooks", "Proof", "Mail")}
    for text in (b"old", b"new"):
        s3.put_object(Bucket=buckets["Rulebooks"], Key="rulebooks/1", Body=text)
    s3.delete_object(Bucket=buckets["Rulebooks"], Key="rulebooks/1")
    s3.put_object(Bucket=buckets["Mail"], Key="mail/1", Body=b"a mail")
    until = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": datetime.datetime.now() + datetime.timedelta(days=9)}
    s3.put_object(Bucket=buckets["Proof"], Key="roots/1", Body=b"locked", **until)
    s3.put_object(Bucket=buckets["Proof"], Key="roots/2", Body=b"not locked")
    shown = fresh.types("teardown", "--with-data", answers=["sekisho"])
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"] in buckets.values()] == [buckets["Proof"]]
    assert [version["Key"] for version in s3.list_object_versions(Bucket=buckets["Proof"])["Versions"]] == ["roots/1"]
    assert f"{buckets['Proof']} is not empty, 1 refused: " in shown and shown.count("not empty") == 1
    assert fresh.account.client("dynamodb").list_tables()["TableNames"] == []


def test_teardown_of_a_creation_that_failed_looks_for_nothing_that_is_gone(fresh):
    shown = fresh.types("teardown", "--with-data", answers=["sekisho"], variables={**KEYS, "ROLLED_BACK": "1"})
    assert f"deleted {fresh.account.physical['Decisions']}" in shown
    assert fresh.account.client("dynamodb").list_tables()["TableNames"] == []
    assert "delete-bucket" not in fresh.said() and "schedule-key-deletion" not in fresh.said()
