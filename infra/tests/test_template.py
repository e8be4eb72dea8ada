"""What the template promises beyond being well-formed, on the translation that CloudFormation gets."""

import json
import re

from translate import of_type

STREAM_FILTER = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "ACTION#"}]}}}}


def target(resources, value):
    """The logical id that a reference names."""
    return value.get("Ref") or value["Fn::GetAtt"][0]


def test_tables_are_the_stores_own(resources, root):
    definitions = [json.loads(file.read_text()) for file in (root / "shared/store").glob("*.json")]
    tables = of_type(resources, "AWS::DynamoDB::Table")
    assert len(tables) == len(definitions)
    for definition in definitions:
        name = definition["TableName"]
        properties = tables[name.capitalize()]["Properties"]
        for key in ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode"):
            assert properties.get(key) == definition.get(key), f"{name}: {key}"
        stream = definition.get("StreamSpecification", {})
        assert properties.get("StreamSpecification", {}).get("StreamViewType") == stream.get("StreamViewType")


def test_tables_are_protected(resources):
    for name, table in of_type(resources, "AWS::DynamoDB::Table").items():
        properties = table["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST", name
        assert properties["DeletionProtectionEnabled"] is True, name
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 30}, name
        assert properties["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}, name
        assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}, name


def test_what_holds_data_outlives_the_stack(resources):
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret")
    for name, resource in resources.items():
        if resource["Type"] in kinds:
            assert resource["UpdateReplacePolicy"] == "Retain", name
            # What is protected from deletion cannot be deleted by a creation that failed.
            protected = resource["Properties"].get("DeletionProtectionEnabled", False)
            assert resource["DeletionPolicy"] == ("Retain" if protected else "RetainExceptOnCreate"), name


def test_buckets_are_closed_and_forget(resources):
    policies = {target(resources, policy["Properties"]["Bucket"]): policy for policy in of_type(resources, "AWS::S3::BucketPolicy").values()}
    for name, bucket in of_type(resources, "AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, name
        rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["Key", "Arn"]}, name
        assert properties["LifecycleConfiguration"]["Rules"], name
        statements = policies[name]["Properties"]["PolicyDocument"]["Statement"]
        assert any(s["Sid"] == "HttpsOnly" and s["Effect"] == "Deny" for s in statements), name


def test_mails_that_nothing_reads_are_gone_after_what_letters_say(resources):
    rules = resources["Mail"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "quarantine/"] == [30]


def test_the_stream_hands_on_inserted_actions_alone(resources, root):
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    [stream] = [m["Properties"] for m in mappings if m["Properties"]["EventSourceArn"] == {"Fn::GetAtt": ["Decisions", "StreamArn"]}]
    assert [json.loads(f["Pattern"]) for f in stream["FilterCriteria"]["Filters"]] == [STREAM_FILTER]
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["StreamDead", "Arn"]}
    # The local stack and the store mean the same.
    keys = (root / "shared/store/src/keys.rs").read_text()
    assert 'ACTION_PREFIX: &str = "ACTION#"' in keys
    batch = re.search(r"const BATCH: i32 = (\d+);", (root / "shared/local/src/stream.rs").read_text())
    assert stream["BatchSize"] == int(batch[1])


def test_every_queue_is_read_or_is_where_dead_letters_end(resources):
    queues = of_type(resources, "AWS::SQS::Queue")
    functions = of_type(resources, "AWS::Lambda::Function")
    dead = {q["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for q in queues.values() if "RedrivePolicy" in q["Properties"]}
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        properties = mapping["Properties"]
        name = target(resources, properties["EventSourceArn"])
        if name in queues:
            queue = queues[name]["Properties"]
            timeout = functions[target(resources, properties["FunctionName"])]["Properties"]["Timeout"]
            assert queue["VisibilityTimeout"] >= 6 * timeout, name
            assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
            assert "RedrivePolicy" in queue, name
        else:
            dead.add(properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0])
    for schedule in of_type(resources, "AWS::Scheduler::Schedule").values():
        dead.add(schedule["Properties"]["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0])
    for name, queue in queues.items():
        if name in dead:
            assert queue["Properties"]["MessageRetentionPeriod"] == 1209600, name
        else:
            assert "RedrivePolicy" in queue["Properties"], f"{name}: nothing reads it and nothing dies there"


def test_schedules_try_again(resources):
    for name, schedule in of_type(resources, "AWS::Scheduler::Schedule").items():
        wanted = schedule["Properties"]["Target"]
        assert wanted["RetryPolicy"]["MaximumRetryAttempts"] >= 1, name
        assert wanted["RoleArn"] == {"Fn::GetAtt": ["SchedulerRole", "Arn"]}, name


def test_each_function_gets_the_settings_that_its_code_reads(resources, root):
    functions = of_type(resources, "AWS::Lambda::Function")
    folders = sorted(folder.name for folder in (root / "functions").iterdir() if (folder / "src/settings.rs").exists())
    assert sorted(f["Properties"]["FunctionName"]["Fn::Sub"].split("}-")[1] for f in functions.values()) == folders
    for function in functions.values():
        properties = function["Properties"]
        code = (root / "functions" / properties["FunctionName"]["Fn::Sub"].split("}-")[1] / "src/settings.rs").read_text()
        if "tokens::Settings" in code:
            code += (root / "shared/tokens/src/settings.rs").read_text()
        required = set(re.findall(r'\.required(?:_parsed)?(?:::<[^>]*>)?\(\s*"(SEKISHO_\w+)"', code))
        known = set(re.findall(r'"(SEKISHO_\w+)"', code)) | {"SEKISHO_LOG"}
        given = set(properties["Environment"]["Variables"])
        assert required <= given, f"{properties['FunctionName']}: {required - given} missing"
        assert given <= known, f"{properties['FunctionName']}: {given - known} unknown"


def test_who_spends_youtubes_units_knows_the_same_day(resources):
    for name in ["Enforce", "Sweep"]:
        variables = resources[name]["Properties"]["Environment"]["Variables"]
        assert variables["SEKISHO_YOUTUBE_DAILY_UNITS"] == {"Fn::Sub": "${YouTubeDailyUnits}"}, name


def test_what_may_be_set_is_what_the_code_has_unless_it_is(resources, source, root):
    limits = dict(re.findall(r"(\w+): (\w+)", re.search(r"\bLimits \{ (.*?) \}", (root / "functions/sweep/src/sweeper.rs").read_text())[1]))
    assert source["Parameters"]["XDailyPosts"]["Default"] == int(limits["x_daily_posts"])
    assert resources["Sweep"]["Properties"]["Environment"]["Variables"]["SEKISHO_X_DAILY_POSTS"] == {"Fn::Sub": "${XDailyPosts}"}
    # A variable that is there and empty is refused.
    own = resources["DataRequest"]["Properties"]["Environment"]["Variables"]["SEKISHO_OWN_ADDRESSES"]
    assert own == {"Fn::If": ["HasOwnAddresses", {"Ref": "OwnAddresses"}, {"Ref": "AWS::NoValue"}]}
    form = source["Parameters"]["OwnAddresses"]["AllowedPattern"]
    for good in ("", "pr@example.com", "pr@example.com,法務@example.jp"):
        assert re.fullmatch(form, good), good
    for bad in ("pr", "pr@example.com,", "pr@example.com, a@b", ","):
        assert not re.fullmatch(form, bad), bad


def test_functions_run_as_lambda_wants_rust(resources, source):
    for name, function in of_type(resources, "AWS::Lambda::Function").items():
        properties = function["Properties"]
        assert (properties["Runtime"], properties["Handler"]) == ("provided.al2023", "bootstrap"), name
        assert properties["Architectures"] == [{"Ref": "Architecture"}], name
        assert source["Resources"][name]["Metadata"]["BuildMethod"] == "rust-cargolambda", name
        assert properties["LoggingConfig"]["LogGroup"] == {"Ref": f"{name}Log"}, name
    assert source["Parameters"]["Architecture"]["Default"] == "arm64"


def test_logs_end(resources):
    for name, group in of_type(resources, "AWS::Logs::LogGroup").items():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}, name


def test_the_api_throttles_and_logs_no_person(resources):
    [stage] = of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    assert stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"] == {"Ref": "RequestRate"}
    line = stage["Properties"]["AccessLogSettings"]["Format"]
    assert set(re.findall(r"\$context\.(\w+)", line)) <= {"requestId", "routeKey", "status", "responseLatency"}


def test_the_api_has_the_routes_that_the_code_serves(resources, root):
    served = set()
    for file in (root / "functions").glob("*/src/**/*.rs"):
        for path, methods in re.findall(r'\.route\("([^"]+)", (.*)\)$', file.read_text(), re.M):
            served |= {f"{method.upper()} {path}" for method in re.findall(r"\b(get|post|put|delete)\(", methods)}
    routes = {route["Properties"]["RouteKey"] for route in of_type(resources, "AWS::ApiGatewayV2::Route").values()}
    assert routes == served
