import { Lazy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { allow } from './grants.ts';

/** Which queue a command goes to, and who may send it there; in whatever order senders and receivers are declared. */
export class CommandRoutes {
  readonly #queues = new Map<string, sqs.IQueue>();
  readonly #senders: { fn: lambda.Function; sends: (type: string) => boolean }[] = [];

  /** This queue receives the command. */
  receive(type: string, queue: sqs.IQueue): void {
    this.#queues.set(type, queue);
    for (const { fn, sends } of this.#senders) if (sends(type)) letSend(fn, queue);
  }

  /** This function may send these commands. */
  send(fn: lambda.Function, sends: (type: string) => boolean): void {
    this.#senders.push({ fn, sends });
    for (const [type, queue] of this.#queues) if (sends(type)) letSend(fn, queue);
  }

  /** JSON of command type → queue URL, for the environment of a function. */
  urls(sends: (type: string) => boolean): string {
    return Lazy.string({
      produce: () =>
        JSON.stringify(
          Object.fromEntries(
            [...this.#queues].filter(([type]) => sends(type)).map(([type, { queueUrl }]) => [type, queueUrl]),
          ),
        ),
    });
  }
}

const letSend = (fn: lambda.Function, queue: sqs.IQueue): void =>
  allow(fn, ['sqs:SendMessage'], queue.queueArn);
