/** Asks what stands behind a method, for as long as it may take. */
import type { Clock } from '../../../clock.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import { awsService } from './aws.ts';
import type { Invocation, Target } from './invocation.ts';
import { lambdaProxy } from './lambda-proxy.ts';
import { mocked } from './mock.ts';
import { Refused } from './refused.ts';

export async function integrated(invocation: Invocation, target: Target): Promise<WireAnswer> {
  const { type, timeoutInMillis = 29_000 } = target.method.methodIntegration!;
  if (type === 'MOCK') return mocked(invocation, target);
  const ask = type === 'AWS' ? awsService : lambdaProxy;
  const { clock } = invocation.world;
  const begun = clock.now();
  try {
    const answer = await inTime(ask(invocation, target), timeoutInMillis, clock);
    answer.headers['x-amzn-trace-id'] ??= String(invocation.context['xrayTraceId']);
    return answer;
  } finally {
    invocation.integrationLatency = clock.now() - begun;
  }
}

/** What runs on after its time is up is no longer listened to. */
export function inTime<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () =>
      reject(
        new Refused('INTEGRATION_TIMEOUT', 'InternalServerErrorException', 'Endpoint request timed out'),
      ),
    );
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
