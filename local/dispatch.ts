import { AwsError, notModelled } from './errors.ts';
import type { Call, Service } from './service.ts';
import type { Activity } from './world.ts';

/** Runs one operation of one service, whoever asked and however it came. */
export type Dispatch = (service: string, operation: string, input: object, call: Call) => Promise<unknown>;

/**
 * What stands around every operation: it may refuse, change input or output, wait, or lose the answer. `run` does what
 * is inside; a guard that has nothing to do returns `run(step)`.
 */
export type Guard = (step: Step, run: (step: Step) => Promise<unknown>) => Promise<unknown>;

export interface Step {
  service: string;
  operation: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- the operation's own input
  input: any;
  call: Call;
}

/** `running` finds a service by its signing name; the first of `guards` is the outermost. */
export function dispatcher(running: (name: string) => Service | undefined, guards: Guard[]): Dispatch {
  const operate = async ({ service, operation, input, call }: Step): Promise<unknown> =>
    running(service)!.operations[operation]!(input, call);
  const guarded = guards.reduceRight<(step: Step) => Promise<unknown>>(
    (run, guard) => (step) => guard(step, run),
    operate,
  );
  return async (service, operation, input, call) => {
    const found = running(service);
    if (!found) throw notModelled(`the service ${service}`);
    if (!Object.hasOwn(found.operations, operation)) throw notModelled(`${service}:${operation}`);
    return await guarded({ service, operation, input, call });
  };
}

/** Tells the activity log of every call. */
export const told =
  (tell: Activity['tell']): Guard =>
  async (step, run) => {
    const happening = {
      kind: 'call',
      service: step.service,
      operation: step.operation,
      by: step.call.principal.arn,
    };
    try {
      const output = await run(step);
      tell(happening);
      return output;
    } catch (error) {
      tell({ ...happening, error: error instanceof AwsError ? error.code : 'InternalFailure' });
      throw error;
    }
  };
