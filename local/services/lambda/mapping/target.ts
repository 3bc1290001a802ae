import { throttled } from '../concurrency.ts';
import type { Registry } from '../registry.ts';
import { sessionOf } from '../role.ts';
import type { Invoke } from '../run.ts';
import type { Configuration, Target } from './mapping.ts';

/** The function of a mapping, as its name leads to it whenever it is needed. */
export function targetOf(
  { world, host, resolved }: Registry,
  invoke: Invoke,
  { FunctionArn }: Configuration,
): Target {
  const current = () => resolved(FunctionArn);
  const place = {
    service: 'lambda',
    operation: 'Invoke',
    targets: [FunctionArn],
    caller: 'lambda.amazonaws.com',
  };
  return {
    atOnce: host.atOnce,
    async invoke(event) {
      if (world.faults.any && world.faults.hits('throttle', place))
        throw throttled('ConcurrentInvocationLimitExceeded');
      return invoke(current(), { requestId: world.random.uuid(), payload: JSON.stringify(event) });
    },
    session() {
      const { fn, revision } = current();
      return sessionOf(world, revision.configuration.Role, fn.name);
    },
    timeoutMs: () => current().revision.hosted.timeoutMs,
    notice: (condition, approximateInvokeCount, result) => ({
      requestContext: {
        requestId: world.random.uuid(),
        functionArn: FunctionArn,
        condition,
        approximateInvokeCount,
      },
      ...(result && {
        responseContext: {
          statusCode: 200,
          executedVersion: current().revision.configuration.Version,
          functionError: 'Unhandled',
        },
      }),
    }),
    tellAge: (ms) =>
      world
        .service('monitoring')
        .meter(
          'AWS/Lambda',
          'IteratorAge',
          { FunctionName: FunctionArn.split(':')[6]! },
          'Milliseconds',
        )(ms),
  };
}
