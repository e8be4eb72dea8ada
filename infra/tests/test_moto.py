"""The translated template deployed into moto's server: the types that moto makes are looked at there, the others on the
translation itself."""

import json

import pytest

from moto_stack import NAME, Stack
from translate import of_type

# What moto cannot make, each with the test that stands for it.
SKIPPED = {
    "AWS::ApiGatewayV2::Api": "test_routes_reach_their_functions",
    "AWS::ApiGatewayV2::ApiMapping": "test_a_domain_of_ours_is_one_more_door",
    "AWS::ApiGatewayV2::DomainName": "test_a_domain_of_ours_is_one_more_door",
    "AWS::ApiGatewayV2::Integration": "test_routes_reach_their_functions",
    "AWS::ApiGatewayV2::Route": "test_routes_reach_their_functions",
    "AWS::ApiGatewayV2::Stage": "test_template.test_the_api_throttles_and_logs_no_person",
    "AWS::Budgets::Budget": "test_the_operator_is_told_of_spending",
    "AWS::CertificateManager::Certificate": "test_a_domain_of_ours_is_one_more_door",
    "AWS::CloudWatch::Alarm": "test_alarms",
    "AWS::Lambda::EventInvokeConfig": "test_failed_ticks_are_put_away",
    "AWS::S3::BucketPolicy": "test_template.test_buckets_are_closed_and_forget",
    "AWS::SES::ConfigurationSet": "test_letters_are_followed",
    "AWS::SES::ConfigurationSetEventDestination": "test_letters_are_followed",
    "AWS::SES::EmailIdentity": "test_letters_are_followed",
    "AWS::SES::ReceiptRule": "test_mail_is_stored_then_told_of",
    "AWS::SES::ReceiptRuleSet": "test_mail_is_stored_then_told_of",
    "AWS::Scheduler::Schedule": "test_template.test_schedules_try_again",
    "AWS::SecretsManager::Secret": "test_secrets_are_made_with_the_key_of_persons",
}


@pytest.fixture(scope="module")
def account():
    stack = Stack()
    yield stack
    stack.server.stop()


def test_every_type_that_moto_skips_has_another_test(account):
    assert account.skipped == sorted(SKIPPED)


def test_everything_else_is_made(account, resources):
    made = {name for name, resource in resources.items() if resource["Type"] not in SKIPPED and "Condition" not in resource}
    assert made <= set(account.physical)


def test_tables(account, root):
    dynamodb = account.client("dynamodb")
    for file in (root / "shared/store").glob("*.json"):
        definition = json.loads(file.read_text())
        name = account.physical[definition["TableName"].capitalize()]
        table = dynamodb.describe_table(TableName=name)["Table"]
        assert table["KeySchema"] == definition["KeySchema"]
        indexes = {index["IndexName"]: index["Projection"]["ProjectionType"] for index in table.get("GlobalSecondaryIndexes", [])}
        assert indexes == {i["IndexName"]: i["Projection"]["ProjectionType"] for i in definition.get("GlobalSecondaryIndexes", [])}
        assert table.get("StreamSpecification") == definition.get("StreamSpecification")
        assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert table["DeletionProtectionEnabled"] is True


def test_queues(account):
    sqs = account.client("sqs")
    url = account.physical["IntakeQueue"].rsplit("/", 1)[1]
    attributes = sqs.get_queue_attributes(QueueUrl=f"{account.endpoint}/123456789012/{url}", AttributeNames=["All"])["Attributes"]
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].rsplit(":", 1)[1] == account.physical["IntakeDead"].rsplit("/", 1)[1]
    assert attributes["VisibilityTimeout"] == "180"


def test_buckets(account, resources):
    s3 = account.client("s3")
    for name in of_type(resources, "AWS::S3::Bucket"):
        rules = s3.get_bucket_encryption(Bucket=account.physical[name])["ServerSideEncryptionConfiguration"]["Rules"]
        assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms", name


def test_roles(account, resources):
    iam = account.client("iam")
    for name in of_type(resources, "AWS::IAM::Role"):
        assert iam.list_attached_role_policies(RoleName=account.physical[name])["AttachedPolicies"] == [], name
        assert len(iam.list_role_policies(RoleName=account.physical[name])["PolicyNames"]) == 1, name


def test_functions_and_what_wakes_them(account, resources):
    client = account.client("lambda")
    mappings = client.list_event_source_mappings()["EventSourceMappings"]
    wanted = of_type(resources, "AWS::Lambda::EventSourceMapping")
    assert len(mappings) == len(wanted)
    assert {mapping["State"] for mapping in mappings} == {"Enabled"}
    for name in of_type(resources, "AWS::Lambda::Function"):
        assert account.physical[name].startswith(f"{NAME}-")
        assert client.get_function_configuration(FunctionName=account.physical[name])["Runtime"] == "provided.al2023"


# --- what moto does not make ---


def test_routes_reach_their_functions(resources):
    reached = {}
    for name, integration in of_type(resources, "AWS::ApiGatewayV2::Integration").items():
        assert integration["Properties"]["PayloadFormatVersion"] == "2.0"
        reached[name] = integration["Properties"]["IntegrationUri"]["Fn::GetAtt"][0]
    routes = {}
    for route in of_type(resources, "AWS::ApiGatewayV2::Route").values():
        routes[route["Properties"]["RouteKey"]] = reached[route["Properties"]["Target"]["Fn::Sub"].split("${")[1].rstrip("}")]
    webhook = {route: "Webhook" for route in ("GET /x", "POST /x", "GET /youtube/{path}", "POST /youtube/{path}")}
    assert webhook.items() <= routes.items()
    assert all(function == "DataRequest" for route, function in routes.items() if route not in webhook)
    permissions = [p["Properties"] for p in of_type(resources, "AWS::Lambda::Permission").values()]
    allowed = {(p["FunctionName"]["Ref"], p["Principal"]) for p in permissions}
    assert {(function, "apigateway.amazonaws.com") for function in routes.values()} <= allowed


def test_a_domain_of_ours_is_one_more_door(resources):
    # The platforms knock at the old one until they know the new one, whose certificate is not there at once.
    assert resources["Api"]["Properties"]["DisableExecuteApiEndpoint"] is False
    for name in ("Certificate", "Domain", "DomainMapping"):
        assert resources[name]["Condition"] == "HasDomain"
    [configuration] = resources["Domain"]["Properties"]["DomainNameConfigurations"]
    assert configuration["SecurityPolicy"] == "TLS_1_2"


def test_the_operator_is_told_of_spending(resources):
    budget = resources["Spend"]["Properties"]
    assert budget["Budget"]["BudgetLimit"]["Amount"] == {"Ref": "MonthlySpend"}
    assert {n["Notification"]["NotificationType"] for n in budget["NotificationsWithSubscribers"]} == {"ACTUAL", "FORECASTED"}


def test_failed_ticks_are_put_away(resources):
    configs = {c["Properties"]["FunctionName"]["Ref"]: c["Properties"] for c in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()}
    assert configs["Sweep"]["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["ScheduleDead", "Arn"]}
    # The next minute's tick does the same work.
    assert configs["Enforce"]["MaximumRetryAttempts"] == 0


def test_secrets_are_made_with_the_key_of_persons(resources):
    properties = resources["Secrets"]["Properties"]
    assert properties["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    made = properties["GenerateSecretString"]
    for name in ("XGrant", "YouTubeGrant"):
        assert resources[name]["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert (made["GenerateStringKey"], made["PasswordLength"]) == ("person_key", 64)


def test_mail_is_stored_then_told_of(resources):
    rule = resources["MailArrives"]
    first, second = rule["Properties"]["Rule"]["Actions"]
    assert first["S3Action"] == {"BucketName": {"Ref": "Mail"}, "ObjectKeyPrefix": "mail/"}
    assert second["LambdaAction"] == {"FunctionArn": {"Fn::GetAtt": ["DataRequest", "Arn"]}, "InvocationType": "Event"}
    assert rule["Properties"]["Rule"]["Enabled"] and rule["Properties"]["Rule"]["ScanEnabled"]
    # SES tries both rights when the rule is made.
    assert set(rule["DependsOn"]) == {"MailPolicy", "MailWakes"}
    [arrives] = [s for s in resources["MailPolicy"]["Properties"]["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
    assert arrives["Resource"] == {"Fn::Sub": "${Mail.Arn}/mail/*"} and arrives["Action"] == ["s3:PutObject"]
    assert resources["MailRules"]["Condition"] == "OwnRuleSet"


def test_letters_are_followed(resources):
    assert resources["DeskDomain"]["Properties"]["ConfigurationSetAttributes"] == {"ConfigurationSetName": {"Ref": "Letters"}}
    destination = resources["LetterEvents"]["Properties"]["EventDestination"]
    assert {"DELIVERY", "DELIVERY_DELAY", "BOUNCE", "COMPLAINT", "REJECT"} == set(destination["MatchingEventTypes"])
    rule = resources["LetterReports"]["Properties"]
    assert rule["EventPattern"]["source"] == ["aws.ses"]
    assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": ["DataRequest", "Arn"]}


def test_an_event_about_a_person_that_failed_waits_in_a_bucket(resources):
    configs = {c["Properties"]["FunctionName"]["Ref"]: c["Properties"] for c in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()}
    assert configs["DataRequest"]["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["Mail", "Arn"]}
