/**
 * Asks a custom resource's function and waits for its answer, which it PUTs to a presigned URL of a bucket.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import { AwsError, notModelled } from '../errors.ts';
import type { World } from '../world.ts';
import type { Resource, Site } from './resource-types.ts';
import { presignedPut } from './presigned.ts';
import { isDictionary, type Dictionary } from './values.ts';

interface Answer {
  Status?: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId?: string;
  RequestId?: string;
  Data?: Dictionary;
  NoEcho?: boolean;
  /** Why it is no answer. @default it is one */
  fault?: string;
}

/** Bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const LONGEST_ANSWER = 4096;

/** What differs between Create, Update and Delete. */
interface Asked {
  RequestType: 'Create' | 'Update' | 'Delete';
  PhysicalResourceId?: string;
  OldResourceProperties?: Dictionary;
}

/** Seconds that a function has unless the resource's ServiceTimeout says otherwise; also the longest. */
const PATIENCE = 3600;

export async function answerOf(asked: Asked, properties: Dictionary, site: Site): Promise<Resource> {
  const { ServiceToken, ServiceTimeout = PATIENCE } = properties;
  const { world, stack, logicalId } = site;
  if (typeof ServiceToken !== 'string' || !ServiceToken.startsWith('arn:aws:lambda:'))
    throw notModelled('custom resources that are not backed by a Lambda function');
  const RequestId = world.random.uuid();
  const key = `${encodeURIComponent(stack.id)}|${logicalId}|${RequestId}`;
  const answered = answerAt(key, Number(ServiceTimeout), RequestId, world);
  await site.call('lambda', 'Invoke', {
    FunctionName: ServiceToken,
    InvocationType: 'Event',
    Payload: Buffer.from(
      JSON.stringify({
        ...asked,
        ServiceToken,
        ResponseURL: presignedPut(bucketOf(world), key, world),
        StackId: stack.id,
        RequestId,
        LogicalResourceId: logicalId,
        ResourceType: site.type,
        ResourceProperties: stringsOf(properties),
      }),
    ),
  });
  return understood(await answered, asked, RequestId);
}

/** CloudFormation makes a text of every scalar that it hands to a function. */
export const stringsOf = (value: Dictionary): Dictionary => texts(value) as Dictionary;

const texts = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(texts);
  if (isDictionary(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  return typeof value === 'string' ? value : String(value);
};

/** AWS has one such bucket in every region. */
const bucketOf = ({ region }: World) =>
  `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;

const waiting = new WeakMap<World, Map<string, (answer: Answer) => void>>();

function answerAt(key: string, seconds: number, requestId: string, world: World): Promise<Answer> {
  const listeners = listenersOf(world);
  return new Promise((resolve, reject) => {
    const timer = world.clock.after(seconds * 1000, () => {
      listeners.delete(key);
      reject(
        new AwsError(
          'NotStabilized',
          `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
        ),
      );
    });
    listeners.set(key, (answer) => {
      timer.cancel();
      listeners.delete(key);
      resolve(answer);
    });
  });
}

function listenersOf(world: World): Map<string, (answer: Answer) => void> {
  const listeners = waiting.get(world) ?? new Map<string, (answer: Answer) => void>();
  waiting.set(world, listeners);
  // Every time, since a reset leaves no bucket.
  world.service('s3').receiveAt(bucketOf(world), (key, body) => listeners.get(key)?.(parsed(body)));
  return listeners;
}

function parsed(body: Uint8Array): Answer {
  if (body.byteLength > LONGEST_ANSWER) return { fault: 'Response object is too long.' };
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Answer;
  } catch {
    return { Status: 'FAILED', Reason: 'Invalid JSON' };
  }
}

function understood(answer: Answer, asked: Asked, requestId: string): Resource {
  const {
    Status,
    Reason = 'No reason given',
    Data = {},
    PhysicalResourceId = asked.PhysicalResourceId,
  } = answer;
  const refuse = (message: string) =>
    new AwsError(
      'GeneralServiceException',
      message,
      PhysicalResourceId === undefined ? {} : { PhysicalResourceId },
    );
  if (answer.fault !== undefined) throw refuse(answer.fault);
  if (Status === 'FAILED')
    throw refuse(
      `Received response status [FAILED] from custom resource. Message returned: ${Reason} (RequestId: ${requestId})`,
    );
  if (Status !== 'SUCCESS') throw refuse(`Invalid response status '${String(Status)}'`);
  if (!PhysicalResourceId) throw refuse('Invalid PhysicalResourceId');
  return { id: PhysicalResourceId, attributes: flat(Data) };
}

/** `Fn::GetAtt` reaches into nested data by dots. */
function flat(data: Dictionary, prefix = ''): Dictionary {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]): [string, unknown][] => [
      [prefix + key, value],
      ...(isDictionary(value) ? Object.entries(flat(value, `${prefix}${key}.`)) : []),
    ]),
  );
}
