/** What every client does, by the AWS SDK for Java v2. Prints one JSON object, which the test compares. */
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.*;
import java.util.function.Supplier;
import java.util.stream.*;
import java.util.zip.*;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.*;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.*;

public class RoundTrip {
  static final SqsClient sqs = SqsClient.create();

  public static void main(String[] arguments) throws Exception {
    System.out.println(json(Map.of(
        "standard", standard(), "fifo", fifo(), "table", table(),
        "event", event(), "object", object(), "function", function())));
    System.exit(0);
  }

  /** Maps, lists, text, numbers and truth as JSON; a node that was read goes out as it came. */
  static String json(Object value) {
    if (value instanceof Map<?, ?> map)
      return map.entrySet().stream().map(e -> json(e.getKey()) + ":" + json(e.getValue())).collect(Collectors.joining(",", "{", "}"));
    if (value instanceof List<?> list) return list.stream().map(RoundTrip::json).collect(Collectors.joining(",", "[", "]"));
    if (value instanceof String text) return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    return String.valueOf(value);
  }

  static String refused(Supplier<Object> call) {
    try {
      call.get();
      return "nothing";
    } catch (AwsServiceException refusal) {
      return refusal.awsErrorDetails().errorCode();
    }
  }

  /** Each message is deleted. */
  static List<Message> received(String url, int count) {
    var found = new ArrayList<Message>();
    var until = System.currentTimeMillis() + 20_000;
    while (found.size() < count && System.currentTimeMillis() < until)
      for (var message : sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(5)
          .messageSystemAttributeNamesWithStrings("All").messageAttributeNames("All")).messages()) {
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
        found.add(message);
      }
    return found;
  }

  static Map<String, Object> standard() {
    var url = sqs.createQueue(r -> r.queueName("plain").attributesWithStrings(Map.of("MaximumMessageSize", "1024"))).queueUrl();
    sqs.sendMessage(r -> r.queueUrl(url).messageBody("one").messageAttributes(Map.of("colour",
        software.amazon.awssdk.services.sqs.model.MessageAttributeValue.builder().dataType("String").stringValue("blue").build())));
    var batch = sqs.sendMessageBatch(r -> r.queueUrl(url).entries(
        e -> e.id("good").messageBody("two"), e -> e.id("long").messageBody("x".repeat(1025))));
    var messages = received(url, 2);
    messages.sort(Comparator.comparing(Message::body));
    var left = sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("ApproximateNumberOfMessages"));
    var failed = batch.failed().get(0);
    return Map.of(
        "received", messages.stream().map(Message::body).toList(),
        "colour", List.of(messages.get(0).messageAttributes().get("colour").stringValue()),
        "successful", List.of(batch.successful().get(0).id()),
        "failed", List.of(List.of(failed.id(), failed.code(), failed.senderFault())),
        "left", left.attributesAsStrings().get("ApproximateNumberOfMessages"),
        "missing", refused(() -> sqs.getQueueUrl(r -> r.queueName("none"))),
        "unsendable", refused(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x".repeat(1025)))));
  }

  static Map<String, Object> fifo() {
    var url = sqs.createQueue(r -> r.queueName("line.fifo").attributesWithStrings(
        Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true"))).queueUrl();
    for (var body : List.of("first", "second", "second", "third"))
      sqs.sendMessage(r -> r.queueUrl(url).messageBody(body).messageGroupId("g"));
    var messages = received(url, 3);
    var numbers = messages.stream().map(m -> m.attributesAsStrings().get("SequenceNumber")).toList();
    return Map.of(
        "received", messages.stream().map(Message::body).toList(),
        "ordered", numbers.equals(numbers.stream().sorted().distinct().toList()),
        "groupless", refused(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"))));
  }

  static Map<String, Object> table() {
    var dynamodb = DynamoDbClient.create();
    dynamodb.createTable(r -> r.tableName("things").billingMode("PAY_PER_REQUEST")
        .keySchema(k -> k.attributeName("pk").keyType("HASH"), k -> k.attributeName("sk").keyType("RANGE"))
        .attributeDefinitions(a -> a.attributeName("pk").attributeType("S"), a -> a.attributeName("sk").attributeType("N")));
    dynamodb.waiter().waitUntilTableExists(r -> r.tableName("things"));
    for (var number : List.of("2", "10", "1"))
      dynamodb.putItem(r -> r.tableName("things").item(Map.of("pk", AttributeValue.fromS("a"), "sk", AttributeValue.fromN(number),
          "data", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})))));
    var items = dynamodb.query(r -> r.tableName("things").keyConditionExpression("pk = :pk AND sk > :low")
        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("a"), ":low", AttributeValue.fromN("1")))).items();
    var data = items.get(0).get("data").b().asByteArray();
    var item = Map.of("pk", AttributeValue.fromS("a"), "sk", AttributeValue.fromN("1"));
    var absent = "attribute_not_exists(pk)";
    return Map.of(
        "query", items.stream().map(found -> found.get("sk").n()).toList(),
        "data", IntStream.range(0, data.length).mapToObj(i -> data[i] & 0xff).toList(),
        "again", refused(() -> dynamodb.putItem(r -> r.tableName("things").item(item).conditionExpression(absent))),
        "cancelled", refused(() -> dynamodb.transactWriteItems(r -> r.transactItems(
            t -> t.put(p -> p.tableName("things").item(item).conditionExpression(absent))))),
        "missing", refused(() -> dynamodb.getItem(r -> r.tableName("none").key(Map.of("pk", AttributeValue.fromS("a"))))));
  }

  static PutEventsRequestEntry placed(String detail) {
    return PutEventsRequestEntry.builder().eventBusName("orders").source("shop").detailType("placed").detail(detail).build();
  }

  static Map<String, Object> event() {
    var events = EventBridgeClient.create();
    var answer = events.putEvents(r -> r.entries(placed("{\"total\": 12.5}"), placed("[]")));
    var url = sqs.getQueueUrl(r -> r.queueName("placed")).queueUrl();
    var envelope = JsonNode.parser().parse(received(url, 1).get(0).body()).asObject();
    return Map.of(
        "failed", List.of(answer.failedEntryCount(), answer.entries().get(1).errorCode()),
        "id", envelope.get("id").text().equals(answer.entries().get(0).eventId()),
        "envelope", List.of(envelope.get("source").text(), envelope.get("detail-type").text(), envelope.get("detail")),
        "missing", refused(() -> events.describeRule(r -> r.name("none"))));
  }

  static Map<String, Object> object() throws Exception {
    var s3 = S3Client.builder().forcePathStyle(true).build();
    var key = "a b/ü";
    s3.createBucket(r -> r.bucket("things").createBucketConfiguration(c -> c.locationConstraint("eu-west-1")));
    s3.putObject(r -> r.bucket("things").key(key).metadata(Map.of("who", "me")), RequestBody.fromString("bytes"));
    s3.putObject(r -> r.bucket("things").key("large").checksumAlgorithm(ChecksumAlgorithm.SHA256),
        RequestBody.fromString("x".repeat(9 << 20)));
    var got = s3.getObjectAsBytes(r -> r.bucket("things").key(key));
    var presigner = S3Presigner.builder().s3Client(s3).endpointOverride(URI.create(System.getenv("AWS_ENDPOINT_URL"))).build();
    var hour = Duration.ofHours(1);
    var get = presigner.presignGetObject(r -> r.signatureDuration(hour).getObjectRequest(o -> o.bucket("things").key(key)));
    var put = presigner.presignPutObject(r -> r.signatureDuration(hour).putObjectRequest(o -> o.bucket("things").key("put")));
    var http = HttpClient.newHttpClient();
    var fetched = http.send(HttpRequest.newBuilder(get.url().toURI()).build(), BodyHandlers.ofString()).body();
    http.send(HttpRequest.newBuilder(put.url().toURI()).PUT(HttpRequest.BodyPublishers.ofString("by url")).build(), BodyHandlers.ofString());
    return Map.of(
        "body", got.asUtf8String(),
        "metadata", got.response().metadata(),
        "presigned", fetched,
        "put", s3.getObjectAsBytes(r -> r.bucket("things").key("put")).asUtf8String(),
        "large", List.of(
            s3.headObject(r -> r.bucket("things").key("large")).contentLength(),
            s3.getObjectAsBytes(r -> r.bucket("things").key("large").range("bytes=0-3")).asUtf8String()),
        "keys", s3.listObjectsV2(r -> r.bucket("things")).contents().stream().map(object -> object.key()).toList(),
        "missing", refused(() -> s3.getObjectAsBytes(r -> r.bucket("things").key("none"))));
  }

  static Map<String, Object> function() throws Exception {
    var functions = LambdaClient.create();
    var code = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(code)) {
      zip.putNextEntry(new ZipEntry("index.js"));
      zip.write("exports.handler = async (event) => ({ echo: event });".getBytes());
    }
    functions.createFunction(r -> r.functionName("echo").runtime("nodejs22.x").handler("index.handler")
        .role("arn:aws:iam::000000000000:role/function").code(c -> c.zipFile(SdkBytes.fromByteArray(code.toByteArray()))));
    functions.waiter().waitUntilFunctionActiveV2(r -> r.functionName("echo"));
    var answer = functions.invoke(r -> r.functionName("echo").payload(SdkBytes.fromUtf8String("{\"a\": 1}")));
    var failed = functions.invoke(r -> r.functionName("fails").payload(SdkBytes.fromUtf8String("{}")));
    var failure = JsonNode.parser().parse(failed.payload().asUtf8String()).asObject();
    return Map.of(
        "payload", JsonNode.parser().parse(answer.payload().asUtf8String()),
        "error", List.of(failed.functionError(), failure.get("errorMessage").text()),
        "missing", refused(() -> functions.invoke(r -> r.functionName("none"))));
  }
}
