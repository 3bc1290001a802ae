import { AwsError, notModelled } from './errors.ts';
import type { Call, Service } from './service.ts';
import type { Activity } from './world.ts';

/** Runs one operation of one service, whoever asked and however it came. */
export type Dispatch = (service: string, operation: string, input: object, call: Call) => Promise<unknown>;

/**
 * What stands around every operation. Each is asked in turn before the operation runs, and may throw; `after` sees what
 * came of it and may still turn success into failure (an answer that gets lost).
 */
export interface Guard {
  /** @default lets every call pass */
  before?(step: Step): void | Promise<void>;
  /** @default leaves every outcome as it is */
  after?(step: Step, outcome: { output: unknown } | { error: unknown }): void | Promise<void>;
}

export interface Step {
  service: string;
  operation: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- the operation's own input
  input: any;
  call: Call;
}

/** `running` finds a service by its signing name; `guards` are policies, faults and the activity log, in order. */
export function dispatcher(running: (name: string) => Service | undefined, guards: Guard[]): Dispatch {
  return async (service, operation, input, call) => {
    const found = running(service);
    if (!found) throw notModelled(`the service ${service}`);
    const run = found.operations[operation];
    if (!run) throw notModelled(`${service}:${operation}`);
    const step = { service, operation, input, call };
    try {
      for (const guard of guards) await guard.before?.(step);
      const output = await run(input, call);
      for (const guard of guards) await guard.after?.(step, { output });
      return output;
    } catch (error) {
      for (const guard of guards) await guard.after?.(step, { error });
      throw error;
    }
  };
}

/** Tells the activity log of every call. */
export const told = (tell: Activity['tell']): Guard => ({
  after({ service, operation, call }, outcome) {
    const error =
      'error' in outcome
        ? { error: outcome.error instanceof AwsError ? outcome.error.code : 'InternalFailure' }
        : {};
    tell({ kind: 'call', service, operation, by: call.principal.arn, ...error });
  },
});
