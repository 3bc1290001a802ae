/**
 * Sets the notifications of a bucket, as a function.
 * After https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/custom-resource-handlers/lib/aws-s3/notifications-resource-handler/index.py
 */
const {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} = require('@aws-sdk/client-s3');

const s3 = new S3Client();
const KINDS = ['TopicConfigurations', 'QueueConfigurations', 'LambdaFunctionConfigurations'];

exports.handler = async (event, { logStreamName }) => {
  const { BucketName: Bucket, SkipDestinationValidation } = event.ResourceProperties;
  let problem = '';
  try {
    const input = {
      Bucket,
      NotificationConfiguration: await wanted(event),
      SkipDestinationValidation: isTrue(SkipDestinationValidation),
    };
    await s3.send(new PutBucketNotificationConfigurationCommand(input));
  } catch (error) {
    console.error(error);
    problem = `Error: An error occurred (${error.name}) when calling the PutBucketNotificationConfiguration operation: ${error.message}. `;
  }
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = event;
  const answer = {
    Status: problem === '' ? 'SUCCESS' : 'FAILED',
    Reason: `${problem}See the details in CloudWatch Log Stream: ${logStreamName}`,
    PhysicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  };
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};

/** On a bucket that is managed elsewhere, what others have set stays. */
async function wanted({ RequestType, ResourceProperties, OldResourceProperties, StackId }) {
  const { BucketName: Bucket, NotificationConfiguration: own, Managed = 'true' } = ResourceProperties;
  const goes = RequestType === 'Delete';
  if (isTrue(Managed)) return goes ? {} : own;
  const there = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const before = OldResourceProperties?.NotificationConfiguration ?? {};
  const isOurs = (kind, { Id = '', ...one }) =>
    goes ? Id.startsWith(`${StackId}-`) : (before[kind] ?? []).some((old) => textOf(old) === textOf(one));
  const merged = KINDS.map((kind) => [
    kind,
    [
      ...(there[kind] ?? []).filter((one) => !isOurs(kind, one)),
      ...(goes ? [] : (own[kind] ?? []).map((one, i) => ({ ...one, Id: `${StackId}-${kind}-${i}` }))),
    ],
  ]);
  const EventBridgeConfiguration =
    (goes ? undefined : own.EventBridgeConfiguration) ?? there.EventBridgeConfiguration;
  return { ...Object.fromEntries(merged), EventBridgeConfiguration };
}

/** CloudFormation makes texts of flags. */
const isTrue = (flag) => String(flag).toLowerCase() === 'true';

/** The same for the same notification, whatever the order of its members and the case of `prefix` and `suffix`. */
const textOf = ({ Events = [], Filter, TopicArn, QueueArn, LambdaFunctionArn }) => {
  const rules = (Filter?.Key?.FilterRules ?? []).map(({ Name, Value }) => `${Name.toLowerCase()}=${Value}`);
  return JSON.stringify([TopicArn ?? QueueArn ?? LambdaFunctionArn, Events, rules.toSorted()]);
};
