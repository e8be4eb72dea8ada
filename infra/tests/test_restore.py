"""infra/copy-missing between two tables on loopback."""

import json
import os
import subprocess
import sys
import time

import boto3
import pytest
from moto.server import ThreadedMotoServer

from translate import REGION


@pytest.fixture
def dynamodb():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    yield boto3.client("dynamodb", endpoint_url=f"http://{host}:{port}", region_name=REGION, **keys)
    server.stop()


def copy_missing(dynamodb, root):
    environment = {**os.environ, "AWS_ENDPOINT_URL": dynamodb.meta.endpoint_url, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    command = [sys.executable, root / "infra/copy-missing", "restored", "table"]
    return subprocess.run(command, text=True, capture_output=True, check=True, env=environment).stdout.strip()


@pytest.mark.parametrize("definition", ["table.json", "requests.json"])
def test_what_is_missing_is_copied_and_nothing_else(dynamodb, root, definition):
    request = json.loads((root / "shared/store" / definition).read_text())
    for name in ("restored", "table"):
        dynamodb.create_table(**{**request, "TableName": name})

    def put(table, sk, **more):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "POST#1"}, "sk": {"S": sk}, **more})

    # Longer than one page.
    for number in range(40):
        put("restored", f"lost#{number:02}", text={"S": "x" * 50_000})
    put("restored", "there", text={"S": "old"})
    put("table", "there", text={"S": "new"})
    put("restored", "over", expires={"N": str(int(time.time()) - 1)})
    put("restored", "later", expires={"N": str(int(time.time()) + 3600)})
    assert copy_missing(dynamodb, root) == "41 copied, 1 there already, 1 whose time is over"
    found = {item["sk"]["S"]: item for page in dynamodb.get_paginator("scan").paginate(TableName="table") for item in page["Items"]}
    assert set(found) == {"there", "later", *(f"lost#{number:02}" for number in range(40))}
    assert found["there"]["text"]["S"] == "new"
    assert copy_missing(dynamodb, root) == "0 copied, 42 there already, 1 whose time is over"
    for name in ("restored", "table"):
        dynamodb.delete_table(TableName=name)


def test_what_tells_of_a_person_whom_a_file_has_lost_stays_away(dynamodb, root):
    request = json.loads((root / "shared/store/requests.json").read_text())
    for name in ("restored", "table"):
        dynamodb.create_table(**{**request, "TableName": name})

    def put(table, pk, sk, **more):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": pk}, "sk": {"S": sk}, **more})

    person = {"M": {"person": {"M": {"address": {"S": "fan@example.jp"}}}}}
    files = {"LOST": {"M": {"person": {"NULL": True}}}, "KEPT": person, "GONE": None}
    kinds = ["LETTER#000001", "MAIL#000001"]
    for ticket, now in files.items():
        put("restored", f"REQUEST#{ticket}", "FILE", file=person)
        if now:
            put("table", f"REQUEST#{ticket}", "FILE", file=now)
        for kind in kinds:
            put("restored", f"REQUEST#{ticket}", kind)
        put("restored", f"REQUEST#{ticket}", "SECRET")
        put("restored", f"LOG#{ticket}", "0000000001")
        put("restored", f"PERSON#{ticket}", ticket, ticket={"S": ticket})
        put("restored", f"ACTIVE#{ticket}", "FILE", ticket={"S": ticket})
    assert copy_missing(dynamodb, root) == "15 copied, 2 there already, 4 whose time is over"
    found = {(item["pk"]["S"], item["sk"]["S"]) for item in dynamodb.scan(TableName="table")["Items"]}
    assert {key for key in found if "LOST" in key[0]} == {("REQUEST#LOST", "FILE"), ("REQUEST#LOST", "SECRET"), ("LOG#LOST", "0000000001")}
    assert copy_missing(dynamodb, root) == "0 copied, 17 there already, 4 whose time is over"
    for name in ("restored", "table"):
        dynamodb.delete_table(TableName=name)
