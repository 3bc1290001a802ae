/**
 * Request and reply over queues, for processes that live long enough to wait: tools, tests, servers. A consumer does not
 * wait: it names itself in `replyto` and receives the reply as an ordinary message.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { ambient as production, pause, type Ambient } from './ambient.ts';
import { checkedEvent, readMessage } from './consume/arrival.ts';
import type { CloudEvent } from './contract/cloudevent.ts';
import type { MessageOf, Route } from './contract.ts';
import { refusal, Unavailable, type Fault } from './errors.ts';
import { send } from './publish.ts';
import { createReplyQueue, type ReplyQueue } from './request/reply-queue.ts';

export interface RequesterOptions {
  /** Command type to queue URL. @default `SPILLWAY_QUEUES`, as JSON */
  queues?: Readonly<Record<string, string>>;
  /** @default a client of the process's region */
  sqs?: Pick<SQSClient, 'send'>;
  /** @default the process's */
  ambient?: Ambient;
}

export interface RequestOptions<R extends Route> {
  /** The contract of the reply. */
  reply: R;
  /** Milliseconds to wait. */
  timeout: number;
}

/** One reply queue, made with the first request. */
export interface Requester {
  /**
   * Sends a command and waits for its reply. Throws REPLY_TIMEOUT when none came in time: the command may have been
   * executed or may yet be, and its reply is discarded. Throws EVT_* for a reply that is none.
   */
  request<R extends Route>(command: CloudEvent, options: RequestOptions<R>): Promise<MessageOf<R>>;
  /** Gives up what is waited for and deletes the queue. */
  close(): Promise<void>;
}

interface Waiting {
  reply: Route;
  resolve(message: CloudEvent): void;
  reject(fault: Fault): void;
}

/** Throws REQUEST_IN_LAMBDA inside a function: there waiting costs money and time, and the reply may find nobody. */
export function requester(options: RequesterOptions = {}): Requester {
  const { ambient = production, queues, sqs = new SQSClient({}) } = options;
  if (ambient.env.AWS_LAMBDA_FUNCTION_NAME !== undefined)
    throw refusal('REQUEST_IN_LAMBDA', 'a function cannot wait for a reply');
  const waiting = new Map<string, Waiting>();
  const closing = new AbortController();
  let queue: Promise<ReplyQueue> | undefined;
  let receiving: Promise<void> | undefined;

  /** One that could not be made is made with the next request. */
  const replyQueue = () =>
    (queue ??= createReplyQueue(sqs, ambient.newId()).catch((error) => {
      queue = undefined;
      throw error;
    }));

  const receive = async (from: ReplyQueue) => {
    for (let failures = 0; waiting.size > 0 && !closing.signal.aborted;) {
      try {
        for (const body of await from.take(closing.signal)) handOver(body, waiting);
        failures = 0;
      } catch {
        if (!closing.signal.aborted) await pause(ambient, ++failures, 100, 5_000);
      }
    }
    receiving = undefined;
  };

  return {
    async request<R extends Route>(command: CloudEvent, { reply, timeout }: RequestOptions<R>) {
      const from = await replyQueue();
      const replied = new Promise<CloudEvent>((resolve, reject) => {
        const cancel = ambient.after(timeout, () => {
          waiting.delete(command.id);
          reject(new Unavailable(`no reply to ${command.type} in ${timeout} ms`, { code: 'REPLY_TIMEOUT' }));
        });
        waiting.set(command.id, {
          reply,
          resolve: (message) => (cancel(), resolve(message)),
          reject: (fault) => (cancel(), reject(fault)),
        });
      });
      receiving ??= receive(from);
      const sending = send([{ ...command, replyto: from.url }], { ...(queues && { queues }), sqs, ambient });
      sending.catch((fault: Fault) => {
        waiting.get(command.id)?.reject(fault);
        waiting.delete(command.id);
      });
      return (await replied) as MessageOf<R>;
    },

    async close() {
      closing.abort();
      for (const { reject } of waiting.values())
        reject(new Unavailable('the requester was closed', { code: 'REPLY_TIMEOUT' }));
      waiting.clear();
      await receiving;
      const made = await queue?.catch(() => undefined);
      await made?.remove();
    },
  };
}

/** To whoever waits for it. Nobody does when it comes late, or twice: then it is discarded. */
function handOver(body: string, waiting: Map<string, Waiting>): void {
  let request: Waiting | undefined;
  try {
    const message = checkedEvent(JSON.parse(body));
    const { causationid = '' } = message;
    request = waiting.get(causationid);
    waiting.delete(causationid);
    request?.resolve(readMessage(message, [request.reply]).event);
  } catch (error) {
    request?.reject(error as Fault);
  }
}
