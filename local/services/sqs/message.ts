import type * as SQS from '@aws-sdk/client-sqs';
import type { Entry } from '../../heap.ts';
import type { Sealed } from '../kms/data-keys.ts';
import type { Standing } from './line.ts';

/** What was sent, and what became of it so far. It stays the same when the message moves to a dead-letter queue. */
export interface Letter {
  id: string;
  body: string;
  bodyMd5: string;
  /** @default none were sent */
  attributes?: Record<string, SQS.MessageAttributeValue> | undefined;
  /** @default the letter has no trace header */
  traceHeader?: string | undefined;
  /** On standard queues the tenant of a fair queue. @default belongs to no group */
  groupId?: string | undefined;
  /** FIFO queues only. */
  deduplicationId?: string | undefined;
  /** FIFO queues only: 20 digits. */
  sequence?: string | undefined;
  /** Whose call sent it: an account, or the unique id of a role's session. */
  sender: string;
  /** Milliseconds since 1970; retention is measured from here. */
  sent: number;
  /** How often it was received, dead-letter queues included. */
  receives: number;
  /** Milliseconds since 1970. @default never received */
  firstReceived?: number | undefined;
  /** ARN of the queue that gave it up. @default was never dead-lettered */
  deadLetterSource?: string | undefined;
  /** What it is encrypted with. @default no key of KMS */
  sealed?: Sealed | undefined;
}

/** `visible` can be received (unless an earlier one of its FIFO group is in flight), the others wait for their moment. */
export type State = 'visible' | 'inFlight' | 'delayed';

/** A letter as it lies in a queue. */
export interface Message extends Letter, Standing<Message> {
  state: State;
  /** When it came into this queue, in milliseconds since 1970. */
  arrived: number;
  /** When it becomes visible again. @default it is visible */
  due?: Entry<Message> | undefined;
  /** Its place among the oldest, as long as it is in a queue. */
  age: Entry<Message> | undefined;
  /** Its place among those whose age counts as a metric, as long as it does. */
  waiting: Entry<Message> | undefined;
  /** When it was last received; visibility ends 12 hours after that. @default never received */
  received?: number | undefined;
  /** What was received along with it, as long as that can be received again by its ReceiveRequestAttemptId. @default it cannot */
  attempt?: Message[] | undefined;
}
