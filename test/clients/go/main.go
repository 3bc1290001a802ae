// What every client does, by the AWS SDK for Go v2. Prints one JSON object, which the test compares.
package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	events "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	functions "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	objects "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	queues "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

type record = map[string]interface{}
type list = []interface{}

var ctx = context.Background()
var s = aws.String

func must[T interface{}](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// The code of a refusal.
func refused[T interface{}](_ T, err error) string {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return fmt.Sprint(err)
}

// Each message is deleted.
func received(client *sqs.Client, url *string, count int) []queues.Message {
	var found []queues.Message
	for until := time.Now().Add(20 * time.Second); len(found) < count && time.Now().Before(until); {
		answer := must(client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5,
			MessageAttributeNames:       []string{"All"},
			MessageSystemAttributeNames: []queues.MessageSystemAttributeName{"All"},
		}))
		for _, message := range answer.Messages {
			must(client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: message.ReceiptHandle}))
			found = append(found, message)
		}
	}
	return found
}

func bodies(messages []queues.Message) list {
	found := list{}
	for _, message := range messages {
		found = append(found, *message.Body)
	}
	return found
}

func standard(client *sqs.Client) record {
	url := must(client.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: s("plain"), Attributes: map[string]string{"MaximumMessageSize": "1024"},
	})).QueueUrl
	must(client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: url, MessageBody: s("one"),
		MessageAttributes: map[string]queues.MessageAttributeValue{"colour": {DataType: s("String"), StringValue: s("blue")}},
	}))
	long := s(strings.Repeat("x", 1025))
	batch := must(client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: []queues.SendMessageBatchRequestEntry{
		{Id: s("good"), MessageBody: s("two")}, {Id: s("long"), MessageBody: long},
	}}))
	messages := received(client, url, 2)
	slices.SortFunc(messages, func(a, b queues.Message) int { return strings.Compare(*a.Body, *b.Body) })
	left := must(client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []queues.QueueAttributeName{"ApproximateNumberOfMessages"},
	}))
	failed := batch.Failed[0]
	return record{
		"received":   bodies(messages),
		"colour":     list{messages[0].MessageAttributes["colour"].StringValue},
		"successful": list{batch.Successful[0].Id},
		"failed":     list{list{failed.Id, failed.Code, failed.SenderFault}},
		"left":       left.Attributes["ApproximateNumberOfMessages"],
		"missing":    refused(client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: s("none")})),
		"unsendable": refused(client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: long})),
	}
}

func fifo(client *sqs.Client) record {
	url := must(client.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName:  s("line.fifo"),
		Attributes: map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"},
	})).QueueUrl
	for _, body := range []string{"first", "second", "second", "third"} {
		must(client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: &body, MessageGroupId: s("g")}))
	}
	messages := received(client, url, 3)
	var numbers []string
	for _, message := range messages {
		numbers = append(numbers, message.Attributes["SequenceNumber"])
	}
	return record{
		"received": bodies(messages),
		"ordered":  slices.IsSorted(numbers) && len(slices.Compact(numbers)) == 3,
		"groupless": refused(client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: s("x")})),
	}
}

func text(value string) ddb.AttributeValue   { return &ddb.AttributeValueMemberS{Value: value} }
func number(value string) ddb.AttributeValue { return &ddb.AttributeValueMemberN{Value: value} }

func table(client *dynamodb.Client) record {
	name := s("things")
	must(client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: name, BillingMode: "PAY_PER_REQUEST",
		KeySchema:            []ddb.KeySchemaElement{{AttributeName: s("pk"), KeyType: "HASH"}, {AttributeName: s("sk"), KeyType: "RANGE"}},
		AttributeDefinitions: []ddb.AttributeDefinition{{AttributeName: s("pk"), AttributeType: "S"}, {AttributeName: s("sk"), AttributeType: "N"}},
	}))
	described := &dynamodb.DescribeTableInput{TableName: name}
	if err := dynamodb.NewTableExistsWaiter(client).Wait(ctx, described, time.Minute); err != nil {
		panic(err)
	}
	for _, sk := range []string{"2", "10", "1"} {
		must(client.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: map[string]ddb.AttributeValue{
			"pk": text("a"), "sk": number(sk), "data": &ddb.AttributeValueMemberB{Value: []byte{0, 255}},
		}}))
	}
	found := must(client.Query(ctx, &dynamodb.QueryInput{
		TableName: name, KeyConditionExpression: s("pk = :pk AND sk > :low"),
		ExpressionAttributeValues: map[string]ddb.AttributeValue{":pk": text("a"), ":low": number("1")},
	}))
	keys, data := list{}, list{}
	for _, item := range found.Items {
		keys = append(keys, item["sk"].(*ddb.AttributeValueMemberN).Value)
	}
	for _, one := range found.Items[0]["data"].(*ddb.AttributeValueMemberB).Value {
		data = append(data, int(one))
	}
	item := map[string]ddb.AttributeValue{"pk": text("a"), "sk": number("1")}
	absent := s("attribute_not_exists(pk)")
	put := []ddb.TransactWriteItem{{Put: &ddb.Put{TableName: name, Item: item, ConditionExpression: absent}}}
	return record{
		"query":     keys,
		"data":      data,
		"again":     refused(client.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: item, ConditionExpression: absent})),
		"cancelled": refused(client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: put})),
		"missing":   refused(client.GetItem(ctx, &dynamodb.GetItemInput{TableName: s("none"), Key: map[string]ddb.AttributeValue{"pk": text("a")}})),
	}
}

func event(client *eventbridge.Client, queue *sqs.Client) record {
	entry := func(detail string) events.PutEventsRequestEntry {
		return events.PutEventsRequestEntry{EventBusName: s("orders"), Source: s("shop"), DetailType: s("placed"), Detail: &detail}
	}
	answer := must(client.PutEvents(ctx, &eventbridge.PutEventsInput{
		Entries: []events.PutEventsRequestEntry{entry(`{"total": 12.5}`), entry("[]")},
	}))
	url := must(queue.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: s("placed")})).QueueUrl
	var envelope record
	if err := json.Unmarshal([]byte(*received(queue, url, 1)[0].Body), &envelope); err != nil {
		panic(err)
	}
	return record{
		"failed":   list{answer.FailedEntryCount, answer.Entries[1].ErrorCode},
		"id":       envelope["id"] == *answer.Entries[0].EventId,
		"envelope": list{envelope["source"], envelope["detail-type"], envelope["detail"]},
		"missing":  refused(client.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: s("none")})),
	}
}

func stored(client *s3.Client) record {
	bucket, key := s("things"), s("a b/ü")
	must(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &objects.CreateBucketConfiguration{
		LocationConstraint: "eu-west-1",
	}}))
	must(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("bytes"), Metadata: map[string]string{"who": "me"}}))
	must(client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: bucket, Key: s("large"), Body: bytes.NewReader(bytes.Repeat([]byte("x"), 9<<20)), ChecksumAlgorithm: "CRC64NVME",
	}))
	got := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key}))
	presigner := s3.NewPresignClient(client)
	fetched := must(http.Get(must(presigner.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})).URL))
	put := must(presigner.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: s("put")}))
	must(http.DefaultClient.Do(must(http.NewRequest("PUT", put.URL, strings.NewReader("by url")))))
	read := func(body io.Reader) string { return string(must(io.ReadAll(body))) }
	keys := list{}
	for _, object := range must(client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket})).Contents {
		keys = append(keys, object.Key)
	}
	return record{
		"body":      read(got.Body),
		"metadata":  got.Metadata,
		"presigned": read(fetched.Body),
		"put":       read(must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: s("put")})).Body),
		"large": list{
			must(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: s("large")})).ContentLength,
			read(must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: s("large"), Range: s("bytes=0-3")})).Body),
		},
		"keys":    keys,
		"missing": refused(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: s("none")})),
	}
}

func function(client *lambda.Client) record {
	var code bytes.Buffer
	zipped := zip.NewWriter(&code)
	must(must(zipped.Create("index.js")).Write([]byte("exports.handler = async (event) => ({ echo: event });")))
	if err := zipped.Close(); err != nil {
		panic(err)
	}
	must(client.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: s("echo"), Runtime: "nodejs22.x", Handler: s("index.handler"),
		Role: s("arn:aws:iam::000000000000:role/function"), Code: &functions.FunctionCode{ZipFile: code.Bytes()},
	}))
	active := lambda.NewFunctionActiveV2Waiter(client)
	if err := active.Wait(ctx, &lambda.GetFunctionInput{FunctionName: s("echo")}, time.Minute); err != nil {
		panic(err)
	}
	var echoed, failure record
	answer := must(client.Invoke(ctx, &lambda.InvokeInput{FunctionName: s("echo"), Payload: []byte(`{"a": 1}`)}))
	failed := must(client.Invoke(ctx, &lambda.InvokeInput{FunctionName: s("fails"), Payload: []byte("{}")}))
	_, _ = json.Unmarshal(answer.Payload, &echoed), json.Unmarshal(failed.Payload, &failure)
	return record{
		"payload": echoed,
		"error":   list{failed.FunctionError, failure["errorMessage"]},
		"missing": refused(client.Invoke(ctx, &lambda.InvokeInput{FunctionName: s("none")})),
	}
}

func main() {
	settings := must(config.LoadDefaultConfig(ctx))
	queue := sqs.NewFromConfig(settings)
	bucket := s3.NewFromConfig(settings, func(options *s3.Options) { options.UsePathStyle = true })
	fmt.Println(string(must(json.Marshal(record{
		"standard": standard(queue),
		"fifo":     fifo(queue),
		"table":    table(dynamodb.NewFromConfig(settings)),
		"event":    event(eventbridge.NewFromConfig(settings), queue),
		"object":   stored(bucket),
		"function": function(lambda.NewFromConfig(settings)),
	}))))
}
