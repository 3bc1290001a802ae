"""What every client does, by boto3. Prints one JSON object, which the test compares."""

import io
import json
import os
import time
import urllib.request
import zipfile

import boto3
from botocore.exceptions import ClientError

sqs, dynamodb, events, s3, functions = (
    boto3.client(name, endpoint_url=os.environ["AWS_ENDPOINT_URL"]) for name in ("sqs", "dynamodb", "events", "s3", "lambda")
)


def refused(call, **given):
    try:
        call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def received(url, count):
    """Bodies, attributes; each message is deleted."""
    found = []
    until = time.time() + 20
    while len(found) < count and time.time() < until:
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=5,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message)
    return found


def standard():
    url = sqs.create_queue(QueueName="plain", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"]
    attributes = {"colour": {"DataType": "String", "StringValue": "blue"}}
    sqs.send_message(QueueUrl=url, MessageBody="one", MessageAttributes=attributes)
    entries = [{"Id": "good", "MessageBody": "two"}, {"Id": "long", "MessageBody": "x" * 1025}]
    batch = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    messages = received(url, 2)
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return {
        "received": sorted(message["Body"] for message in messages),
        "colour": [m["MessageAttributes"]["colour"]["StringValue"] for m in messages if "MessageAttributes" in m],
        "successful": [entry["Id"] for entry in batch["Successful"]],
        "failed": [[entry["Id"], entry["Code"], entry["SenderFault"]] for entry in batch["Failed"]],
        "left": left["Attributes"]["ApproximateNumberOfMessages"],
        "missing": refused(sqs.get_queue_url, QueueName="none"),
        "unsendable": refused(sqs.send_message, QueueUrl=url, MessageBody="x" * 1025),
    }


def fifo():
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="line.fifo", Attributes=attributes)["QueueUrl"]
    for body in ("first", "second", "second", "third"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    messages = received(url, 3)
    numbers = [message["Attributes"]["SequenceNumber"] for message in messages]
    return {
        "received": [message["Body"] for message in messages],
        "ordered": numbers == sorted(numbers) and len(set(numbers)) == 3,
        "groupless": refused(sqs.send_message, QueueUrl=url, MessageBody="x"),
    }


def table():
    schema = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    dynamodb.create_table(
        TableName="things",
        KeySchema=schema,
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="things", WaiterConfig={"Delay": 1})
    for number in ("2", "10", "1"):
        item = {"pk": {"S": "a"}, "sk": {"N": number}, "data": {"B": b"\x00\xff"}}
        dynamodb.put_item(TableName="things", Item=item)
    found = dynamodb.query(
        TableName="things",
        KeyConditionExpression="pk = :pk AND sk > :low",
        ExpressionAttributeValues={":pk": {"S": "a"}, ":low": {"N": "1"}},
    )
    absent = {"TableName": "things", "ConditionExpression": "attribute_not_exists(pk)"}
    item = {"pk": {"S": "a"}, "sk": {"N": "1"}}
    return {
        "query": [item["sk"]["N"] for item in found["Items"]],
        "data": list(bytes(found["Items"][0]["data"]["B"])),
        "again": refused(dynamodb.put_item, Item=item, **absent),
        "cancelled": refused(dynamodb.transact_write_items, TransactItems=[{"Put": {"Item": item, **absent}}]),
        "missing": refused(dynamodb.get_item, TableName="none", Key={"pk": {"S": "a"}}),
    }


def event():
    entries = [
        {"EventBusName": "orders", "Source": "shop", "DetailType": "placed", "Detail": '{"total": 12.5}'},
        {"EventBusName": "orders", "Source": "shop", "DetailType": "placed", "Detail": "[]"},
    ]
    answer = events.put_events(Entries=entries)
    url = sqs.get_queue_url(QueueName="placed")["QueueUrl"]
    [message] = received(url, 1)
    envelope = json.loads(message["Body"])
    return {
        "failed": [answer["FailedEntryCount"], answer["Entries"][1]["ErrorCode"]],
        "id": envelope["id"] == answer["Entries"][0]["EventId"],
        "envelope": [envelope["source"], envelope["detail-type"], envelope["detail"]],
        "missing": refused(events.describe_rule, Name="none"),
    }


def stored():
    s3.create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="things", Key="a b/ü", Body=b"bytes", Metadata={"who": "me"})
    s3.upload_fileobj(io.BytesIO(b"x" * 9 * 2**20), "things", "large")  # in two parts
    got = s3.get_object(Bucket="things", Key="a b/ü")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "things", "Key": "a b/ü"})
    put = s3.generate_presigned_url("put_object", Params={"Bucket": "things", "Key": "put"})
    urllib.request.urlopen(urllib.request.Request(put, data=b"by url", method="PUT", headers={"Content-Type": ""})).close()
    with urllib.request.urlopen(url) as answer:
        fetched = answer.read().decode()
    part = s3.get_object(Bucket="things", Key="large", Range="bytes=0-3")
    return {
        "body": got["Body"].read().decode(),
        "metadata": got["Metadata"],
        "presigned": fetched,
        "put": s3.get_object(Bucket="things", Key="put")["Body"].read().decode(),
        "large": [s3.head_object(Bucket="things", Key="large")["ContentLength"], part["Body"].read().decode()],
        "keys": [entry["Key"] for entry in s3.list_objects_v2(Bucket="things")["Contents"]],
        "missing": refused(s3.get_object, Bucket="things", Key="none"),
    }


def function():
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as zipped:
        zipped.writestr("index.js", "exports.handler = async (event) => ({ echo: event });")
    functions.create_function(
        FunctionName="echo",
        Runtime="nodejs22.x",
        Role="arn:aws:iam::000000000000:role/function",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="echo", WaiterConfig={"Delay": 1})
    answer = functions.invoke(FunctionName="echo", Payload=b'{"a": 1}')
    failed = functions.invoke(FunctionName="fails", Payload=b"{}")
    return {
        "payload": json.load(answer["Payload"]),
        "error": [failed["FunctionError"], json.load(failed["Payload"])["errorMessage"]],
        "missing": refused(functions.invoke, FunctionName="none"),
    }


parts = {"standard": standard, "fifo": fifo, "table": table, "event": event, "object": stored, "function": function}
print(json.dumps({name: run() for name, run in parts.items()}))
