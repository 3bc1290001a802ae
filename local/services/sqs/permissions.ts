import type * as SQS from '@aws-sdk/client-sqs';
import type { Answer, Call } from '../../service.ts';
import { checked } from './attributes.ts';
import { invalidParameter, invalidValue, missingParameter } from './errors.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** A policy as far as it is read here. */
interface Policy {
  Version?: string;
  Id?: string;
  Statement: { Sid?: string; [member: string]: unknown }[];
}

/** AddPermission and RemovePermission: statements of the queue's policy by their Sid. */
export const permitting = (queues: Queues) => ({
  AddPermission(input: SQS.AddPermissionCommandInput, call: Call) {
    const queue = queues.at(input.QueueUrl, call);
    const { Label, Actions = [], AWSAccountIds = [] } = input;
    if (!Label) throw missingParameter('Label');
    if (!/^[\w-]{1,80}$/.test(Label))
      throw invalidValue(
        Label,
        'Label',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
      );
    if (Actions.length === 0) throw missingParameter('Actions');
    if (AWSAccountIds.length === 0) throw missingParameter('AWSAccountIds');
    for (const action of Actions)
      if (!ACTIONS.has(action))
        throw invalidParameter(
          `Value SQS:${action} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. `,
        );
    const policy = policyOf(queue);
    if (policy.Statement.some(({ Sid }) => Sid === Label))
      throw invalidValue(Label, 'Label', 'Already exists.');
    policy.Statement.push({
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrMany(Actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    });
    setPolicy(queue, policy);
    return {} satisfies Answer<SQS.AddPermissionCommandOutput>;
  },

  RemovePermission({ QueueUrl, Label }: SQS.RemovePermissionCommandInput, call: Call) {
    const queue = queues.at(QueueUrl, call);
    if (!Label) throw missingParameter('Label');
    const policy = policyOf(queue);
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== Label);
    if (Statement.length === policy.Statement.length) throw invalidValue(Label, 'Label', "can't find label.");
    setPolicy(queue, { ...policy, Statement });
    return {} satisfies Answer<SQS.RemovePermissionCommandOutput>;
  },
});

/** What a policy on a queue can be about. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
const ACTIONS = new Set([
  '*',
  'AddPermission',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'ListQueueTags',
  'PurgeQueue',
  'ReceiveMessage',
  'RemovePermission',
  'SendMessage',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
]);

function policyOf({ attributes, arn }: Queue): Policy {
  if (attributes.Policy === undefined)
    return { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  const policy = JSON.parse(attributes.Policy) as Policy;
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}

/** The last statement takes the policy with it. */
function setPolicy(queue: Queue, policy: Policy): void {
  const { Policy: _, ...others } = queue.attributes;
  const Policy = JSON.stringify(policy);
  queue.set(policy.Statement.length > 0 ? { ...others, ...checked({ Policy }, queue.fifo) } : others);
}

const oneOrMany = (values: string[]): string | string[] => (values.length === 1 ? values[0]! : values);
