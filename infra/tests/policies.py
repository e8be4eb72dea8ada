"""What each role grants, and what its function needs: the calls recorded in the tests, and what AWS itself asks of the role
for the function's triggers, logs and encrypted data."""

import collections
import json
import re

from translate import of_type

Grant = collections.namedtuple("Grant", "action resource keys")
ANY = "*"

# A table that one function has to itself is granted whole.
OWN_TABLES = {"DataRequest": "Requests"}
# What flows ask of object stores through ports, with a folder behind them in the tests, so that no request shows it.
GRANTS = {
    Grant(f"secretsmanager:{action}", secret, ANY)
    for action in ("GetSecretValue", "PutSecretValue")
    for secret in ("XGrant", "YouTubeGrant")
}
RULEBOOK = {Grant("s3:GetObject", "Rulebooks", "rulebooks/*")}
THROUGH_PORTS = {
    "Webhook": RULEBOOK,
    "Enforce": GRANTS | RULEBOOK,
    "Sweep": GRANTS | RULEBOOK | {
        *(Grant(f"s3:{action}", "Reports", "audit/*") for action in ("PutObject", "GetObject", "DeleteObject")),
        Grant("sqs:SendMessage", "WorkQueue", ANY),
        Grant("ses:SendRawEmail", "DeskDomain", ANY),
        Grant("ses:SendRawEmail", "Letters", ANY),
        Grant("secretsmanager:GetSecretValue", "Secrets", ANY),
        # What no flow reaches: an account terminated between a poll's look and a decision, and a listed item of no known shape.
        Grant("dynamodb:DeleteItem", "Decisions", "POST#*"),
        Grant("dynamodb:PutItem", "Decisions", "UNREADABLE#*"),
    },
    "DataRequest": GRANTS | {
        Grant("s3:GetObject", "Mail", "mail/*"),
        Grant("s3:DeleteObject", "Mail", "mail/*"),
        Grant("s3:PutObject", "Mail", "quarantine/*"),
        Grant("s3:GetObject", "Mail", "quarantine/*"),
        Grant("s3:DeleteObject", "Mail", "quarantine/*"),
        *(Grant(f"s3:{action}", "Reports", "packages/*") for action in ("PutObject", "GetObject", "DeleteObject")),
        *(Grant(f"s3:{action}", "Proof", f"{folder}/*") for action in ("PutObject", "PutObjectRetention", "GetObject") for folder in ("roots", "erasures")),
        Grant("ses:SendRawEmail", "DeskDomain", ANY),
        Grant("ses:SendRawEmail", "Letters", ANY),
        Grant("secretsmanager:GetSecretValue", "Secrets", ANY),
    },
}


def recorded(folder, resources):
    """Calls by function, their resources under the names that the template has for them."""
    tables = {name.lower(): name for name in of_type(resources, "AWS::DynamoDB::Table")}
    calls = collections.defaultdict(set)
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            call = json.loads(line)
            head, *rest = call["resource"].split("/", 1)
            resource = "/".join([tables.get(head, head), *rest])
            calls[call["function"]].add(Grant(call["action"], resource, call["keys"]))
    return calls


def granted(role):
    grants = set()
    for policy in role["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    for keys in leading_keys(statement):
                        grants.add(grant(action, resource, keys))
    return grants


def services(role):
    """The services through which the role may use the key."""
    for statement in statements(role):
        if any(action.startswith("kms:") for action in listed(statement["Action"])):
            names = statement["Condition"]["StringEquals"]["kms:ViaService"]
            return {name["Fn::Sub"].split(".")[0] for name in listed(names)}
    return set()


def statements(role):
    return [statement for policy in role["Properties"]["Policies"] for statement in policy["PolicyDocument"]["Statement"]]


def leading_keys(statement):
    condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
    return condition.get("dynamodb:LeadingKeys", [ANY])


def listed(value):
    return value if isinstance(value, list) else [value]


def grant(action, resource, keys):
    """Names a resource by its place in the template: `Decisions/index/queue`, `Intake` with the keys `intake/*`."""
    if resource == ANY:
        return Grant(action, ANY, keys)
    if "Ref" in resource:
        return Grant(action, resource["Ref"], keys)
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return Grant(action, f"{name}/stream" if attribute == "StreamArn" else name, keys)
    named = re.fullmatch(r"arn:.*/\$\{(\w+)\}", resource["Fn::Sub"])
    if named:
        return Grant(action, named[1], keys)
    name, rest = re.fullmatch(r"\$\{(\w+)\.Arn\}/(.+)", resource["Fn::Sub"]).groups()
    if action.startswith("s3:"):
        return Grant(action, name, rest)
    return Grant(action, f"{name}/{rest}", keys)


def needed(calls, name, resources):
    """What a function's role has to grant, given the calls that it makes."""
    own = OWN_TABLES.get(name)
    grants = {call._replace(keys=ANY) if own and call.resource.split("/")[0] == own else call for call in calls}
    grants |= THROUGH_PORTS.get(name, set())
    # Without it a missing object looks like a refusal.
    grants |= {Grant("s3:ListBucket", grant.resource, ANY) for grant in grants if grant.action == "s3:GetObject"}
    grants |= {Grant(f"logs:{action}", f"{name}Log", ANY) for action in ("CreateLogStream", "PutLogEvents")}
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        properties = mapping["Properties"]
        if properties["FunctionName"] != {"Ref": name}:
            continue
        source, attribute = properties["EventSourceArn"]["Fn::GetAtt"]
        if attribute == "StreamArn":
            actions = ("DescribeStream", "GetRecords", "GetShardIterator")
            grants |= {Grant(f"dynamodb:{action}", f"{source}/stream", ANY) for action in actions}
            grants.add(Grant("dynamodb:ListStreams", ANY, ANY))
            grants.add(Grant("sqs:SendMessage", properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0], ANY))
        else:
            actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            grants |= {Grant(f"sqs:{action}", source, ANY) for action in actions}
    for invoke in of_type(resources, "AWS::Lambda::EventInvokeConfig").values():
        failed = invoke["Properties"].get("DestinationConfig", {}).get("OnFailure")
        if invoke["Properties"]["FunctionName"] == {"Ref": name} and failed:
            target = failed["Destination"]["Fn::GetAtt"][0]
            if resources[target]["Type"] == "AWS::S3::Bucket":
                grants |= {Grant("s3:PutObject", target, "aws/lambda/async/*"), Grant("s3:ListBucket", target, ANY)}
            else:
                grants.add(Grant("sqs:SendMessage", target, ANY))
    grants |= {Grant(action, "Key", ANY) for action, _ in encrypted(grants)}
    return grants


def encrypted(calls):
    """Actions on the key, with the service that needs them: tables, buckets and secrets are encrypted with it."""
    for call in calls:
        service, action = call.action.split(":")
        if service in ("dynamodb", "s3", "secretsmanager") and not action.startswith(("Delete", "List")) or service == "dynamodb":
            if service != "s3" or action == "GetObject":
                yield "kms:Decrypt", service
            if action in ("PutObject", "PutSecretValue", "UpdateSecret"):
                yield "kms:GenerateDataKey", service
