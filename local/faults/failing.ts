import type { Guard, Step } from '../dispatch.ts';
import { milliseconds } from '../duration.ts';
import { AwsError } from '../errors.ts';
import type { Fault, Place } from '../faults.ts';
import type { World } from '../world.ts';
import { runPartly } from './partial.ts';

/**
 * The operation ran, and nobody will ever hear of it: the connection breaks. To a part of the embedded AWS that called
 * another one, it is a failure that may pass.
 */
export class LostAnswer extends AwsError {
  constructor() {
    super('InternalFailure', 'The answer was lost.', { status: 500 });
  }
}

/** Refuses, delays, loses or partly fails calls as the world's faults say. */
export function failing(world: World): Guard {
  const { faults, clock } = world;
  const failed: Guard = async (step, run) => {
    const place = placeOf(world, step);
    const throttle = faults.hits('throttle', place);
    if (throttle) throw throttled(throttle, step.service);
    const error = faults.hits('error', place);
    if (error) throw injected(error);
    const delay = faults.hits('delay', place);
    if (delay) await clock.sleep(milliseconds(delay.by ?? '1s'));
    const output = await runPartly(step, run, () => faults.hits('partial', place));
    if (faults.hits('lost', place)) throw new LostAnswer();
    return output;
  };
  return (step, run) => (faults.any ? failed(step, run) : run(step));
}

function placeOf(world: World, { service, operation, input, call }: Step): Place {
  const targets = world.service(service as never) as { resources?: (...given: unknown[]) => string[] };
  return {
    service,
    operation,
    targets: targets.resources?.(operation, input, call) ?? [],
    caller: call.principal.arn,
  };
}

const injected = ({ code = 'InternalFailure', message = 'Injected by a fault.', status = 500 }: Fault) =>
  new AwsError(code, message, { status });

function throttled({ message }: Fault, service: string): AwsError {
  const [code, text, status] = THROTTLES[service] ?? ['ThrottlingException', 'Rate exceeded', 400];
  return new AwsError(code, message ?? text, { status });
}

/** How services say that it is too much. From their API references, "Errors". */
const THROTTLES: Record<string, [code: string, message: string, status: number]> = {
  sqs: ['RequestThrottled', 'Request is throttled.', 403],
  dynamodb: [
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    400,
  ],
  lambda: ['TooManyRequestsException', 'Rate Exceeded.', 429],
  s3: ['SlowDown', 'Please reduce your request rate.', 503],
  cloudformation: ['Throttling', 'Rate exceeded', 400],
  iam: ['Throttling', 'Rate exceeded', 400],
  sts: ['Throttling', 'Rate exceeded', 400],
};
