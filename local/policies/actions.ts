/**
 * What an operation must be allowed to do. Mostly the action named like the operation, on the resources that it touches;
 * the exceptions are from the Service Authorization Reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import type { Step } from '../dispatch.ts';

export interface Need {
  action: string;
  resource: string;
}

/** `resources` is the service's own answer to what an operation touches. */
export function needsOf(step: Step, resources: (operation: string, input: object) => string[]): Need[] {
  const { service, operation, input } = step;
  const { unguarded, action, several, passed } = ruleOf(service, operation);
  if (unguarded) return [];
  const needs = several
    ? several(input, resources)
    : resources(operation, input).map((resource) => ({ action, resource }));
  return passed ? [...needs, ...passed(input).flatMap(passRole)] : needs;
}

/** What the tables below say of an operation, put together once. */
const rules = new Map<string, Map<string, ReturnType<typeof ruleFor>>>();

function ruleOf(service: string, operation: string) {
  let ofService = rules.get(service);
  if (!ofService) rules.set(service, (ofService = new Map()));
  let rule = ofService.get(operation);
  if (!rule) ofService.set(operation, (rule = ruleFor(service, operation)));
  return rule;
}

function ruleFor(service: string, operation: string) {
  const name = `${service}:${operation}`;
  return {
    unguarded: UNGUARDED.has(name),
    action: actionOf(service, operation),
    several: SEVERAL[name],
    passed: PASSED[name],
  };
}

const actionOf = (service: string, operation: string): string =>
  service.startsWith('apigateway')
    ? `apigateway:${verbOf(operation)}`
    : `${PREFIXES[service] ?? service}:${RENAMED[`${service}:${operation}`] ?? operation}`;

/** API Gateway's actions are the methods of HTTP. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html */
const verbOf = (operation: string): string =>
  VERBS.find(([start]) => operation.startsWith(start))?.[1] ?? 'POST';

const VERBS = [
  ['Get', 'GET'],
  ['Put', 'PUT'],
  ['Tag', 'PUT'],
  ['Update', 'PATCH'],
  ['Delete', 'DELETE'],
  ['Untag', 'DELETE'],
  ['Flush', 'DELETE'],
  ['Reset', 'DELETE'],
] as const;

/** Anybody may ask these. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const UNGUARDED = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken']);

/** Where the signing name is not the prefix of the actions. */
const PREFIXES: Record<string, string> = { monitoring: 'cloudwatch' };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html, list_amazonsns.html, list_amazons3.html, list_awslambda.html */
const RENAMED: Record<string, string> = {
  'sqs:SendMessageBatch': 'SendMessage',
  'sqs:DeleteMessageBatch': 'DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'ChangeMessageVisibility',
  'sns:PublishBatch': 'Publish',
  'lambda:Invoke': 'InvokeFunction',
  'lambda:GetLayerVersionByArn': 'GetLayerVersion',
  'lambda:InvokeAsync': 'InvokeFunction',
  'lambda:InvokeWithResponseStream': 'InvokeFunction',
  's3:HeadBucket': 'ListBucket',
  's3:ListObjects': 'ListBucket',
  's3:ListObjectsV2': 'ListBucket',
  's3:ListObjectVersions': 'ListBucketVersions',
  's3:ListBuckets': 'ListAllMyBuckets',
  's3:UploadPart': 'PutObject',
  's3:CompleteMultipartUpload': 'PutObject',
  's3:ListMultipartUploads': 'ListBucketMultipartUploads',
  's3:ListParts': 'ListMultipartUploadParts',
  's3:GetBucketEncryption': 'GetEncryptionConfiguration',
  's3:PutBucketEncryption': 'PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 'PutEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 'GetLifecycleConfiguration',
  's3:PutBucketLifecycleConfiguration': 'PutLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 'PutLifecycleConfiguration',
  's3:GetBucketNotificationConfiguration': 'GetBucketNotification',
  's3:PutBucketNotificationConfiguration': 'PutBucketNotification',
  's3:GetPublicAccessBlock': 'GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 'PutBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 'PutBucketPublicAccessBlock',
  's3:GetBucketCors': 'GetBucketCORS',
  's3:PutBucketCors': 'PutBucketCORS',
  's3:DeleteBucketCors': 'PutBucketCORS',
  's3:DeleteBucketTagging': 'PutBucketTagging',
  's3:GetBucketReplication': 'GetReplicationConfiguration',
  's3:PutBucketReplication': 'PutReplicationConfiguration',
};

type Resources = (operation: string, input: object) => string[];
// oxlint-disable-next-line typescript/no-explicit-any -- any operation's input
type Input = any;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function copied(input: Input, resources: Resources): Need[] {
  const [path = '', version] = String(input.CopySource).split('?versionId=');
  return [
    ...resources('PutObject', input).map((resource) => ({ action: 's3:PutObject', resource })),
    {
      action: version === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
      resource: `arn:aws:s3:::${decodeURIComponent(path).replace(/^\//, '')}`,
    },
  ];
}

/** Who tags an object while writing it must be allowed to do both. */
const tagged = ({ Bucket, Key, Tagging }: Input): Need[] =>
  ['s3:PutObject', ...(Tagging === undefined ? [] : ['s3:PutObjectTagging'])].map((action) => ({
    action,
    resource: `arn:aws:s3:::${Bucket}/${Key}`,
  }));

/** A version that is named asks for an action of its own. */
const versioned =
  (action: string) =>
  ({ Bucket, Key, VersionId }: Input): Need[] => [
    {
      action: VersionId === undefined ? action : action.replace('Object', 'ObjectVersion'),
      resource: `arn:aws:s3:::${Bucket}/${Key}`,
    },
  ];

/** Operations that are several actions at once, or one or another. */
const SEVERAL: Record<string, (input: Input, resources: Resources) => Need[]> = {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  'dynamodb:TransactWriteItems': ({ TransactItems = [] }, resources) =>
    touched(TransactItems).flatMap(([kind, one]) =>
      resources(`${kind}Item`, one).map((resource) => ({
        action: TRANSACTED[kind] ?? `dynamodb:${kind}`,
        resource,
      })),
    ),
  'dynamodb:TransactGetItems': ({ TransactItems = [] }, resources) =>
    touched(TransactItems).flatMap(([, one]) =>
      resources('GetItem', one).map((resource) => ({ action: 'dynamodb:GetItem', resource })),
    ),
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
  'kms:ReEncrypt': (input, resources) =>
    resources('ReEncrypt', input).map((resource, i) => ({
      action: i === 0 ? 'kms:ReEncryptFrom' : 'kms:ReEncryptTo',
      resource,
    })),
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
  'scheduler:CreateScheduleGroup': (input, resources) =>
    ['scheduler:CreateScheduleGroup', ...(input.Tags?.length ? ['scheduler:TagResource'] : [])].flatMap(
      (action) => resources('CreateScheduleGroup', input).map((resource) => ({ action, resource })),
    ),
  'scheduler:DeleteScheduleGroup': (input, resources) => [
    ...resources('DeleteScheduleGroup', input).map((resource) => ({
      action: 'scheduler:DeleteScheduleGroup',
      resource,
    })),
    ...resources('ListSchedules', { GroupName: input.Name }).map((resource) => ({
      action: 'scheduler:DeleteSchedule',
      resource,
    })),
  ],
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
  'secretsmanager:BatchGetSecretValue': ({ Filters = [] }) =>
    ['BatchGetSecretValue', ...(Filters.length > 0 ? ['ListSecrets'] : [])].map((name) => ({
      action: `secretsmanager:${name}`,
      resource: '*',
    })),
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  'secretsmanager:CreateSecret': (input, resources) =>
    resources('CreateSecret', input).flatMap((resource) =>
      ['CreateSecret', ...(input.Tags?.length > 0 ? ['TagResource'] : [])].map((name) => ({
        action: `secretsmanager:${name}`,
        resource,
      })),
    ),
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  'secretsmanager:RotateSecret': (input, resources) => [
    ...resources('RotateSecret', input).map((resource) => ({
      action: 'secretsmanager:RotateSecret',
      resource,
    })),
    ...(input.RotationLambdaARN === undefined
      ? []
      : [{ action: 'lambda:InvokeFunction', resource: input.RotationLambdaARN }]),
  ],
  's3:GetObject': versioned('s3:GetObject'),
  's3:HeadObject': versioned('s3:GetObject'),
  's3:DeleteObject': versioned('s3:DeleteObject'),
  's3:GetObjectTagging': versioned('s3:GetObjectTagging'),
  's3:PutObjectTagging': versioned('s3:PutObjectTagging'),
  's3:PutObject': tagged,
  's3:CreateMultipartUpload': tagged,
  's3:CopyObject': copied,
  's3:UploadPartCopy': copied,
  's3:DeleteObjects': ({ Bucket, Delete = {} }) =>
    ((Delete.Objects ?? []) as { Key: string; VersionId?: string }[]).map(({ Key, VersionId }) => ({
      action: VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      resource: `arn:aws:s3:::${Bucket}/${Key}`,
    })),
};

/** One item of each kind and table: a transaction of a hundred writes needs few permissions. */
function touched(items: Record<string, { TableName: string }>[]): [kind: string, one: object][] {
  const kinds = new Map<string, [string, object]>();
  for (const item of items)
    for (const [kind, one] of Object.entries(item)) kinds.set(`${kind} ${one.TableName}`, [kind, one]);
  return [...kinds.values()];
}

const TRANSACTED: Record<string, string> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

const passRole = (resource: string | undefined): Need[] =>
  resource === undefined ? [] : [{ action: 'iam:PassRole', resource }];

/** Who hands a role to a service must be allowed to pass it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
const PASSED: Record<string, (input: Input) => (string | undefined)[]> = {
  'lambda:CreateFunction': ({ Role }) => [Role],
  'lambda:UpdateFunctionConfiguration': ({ Role }) => [Role],
  'events:PutRule': ({ RoleArn }) => [RoleArn],
  'events:PutTargets': ({ Targets = [] }) =>
    (Targets as { RoleArn?: string }[]).map(({ RoleArn }) => RoleArn),
  'pipes:CreatePipe': ({ RoleArn }) => [RoleArn],
  'pipes:UpdatePipe': ({ RoleArn }) => [RoleArn],
  'scheduler:CreateSchedule': ({ Target = {} }) => [Target.RoleArn],
  'scheduler:UpdateSchedule': ({ Target = {} }) => [Target.RoleArn],
  'cloudformation:CreateStack': ({ RoleARN }) => [RoleARN],
  'cloudformation:UpdateStack': ({ RoleARN }) => [RoleARN],
  'cloudformation:DeleteStack': ({ RoleARN }) => [RoleARN],
  'cloudformation:CreateChangeSet': ({ RoleARN }) => [RoleARN],
};
