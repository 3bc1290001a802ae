import type { Clock } from './clock.ts';
import type { Durability } from './durability/index.ts';
import type { Faults } from './faults.ts';
import type { Principal } from './principal.ts';
import type { Random } from './random.ts';
import type { Wire } from './wire/index.ts';

/**
 * The running services by signing name. Each file in `local/services/` adds its own:
 * `declare module '../world.ts' { interface Services { sqs: Sqs } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface Services {}

/** What every part of the embedded AWS is given: one account in one region, its clock and its chance. */
export interface World {
  account: string;
  region: string;
  clock: Clock;
  random: Random;
  /** What is to go wrong. */
  faults: Faults;
  /** Keeps state beyond the life of this process. @default it is gone with the process */
  durable?: Durability;
  /** `off`: neither signatures nor policies are looked at. */
  policies: 'enforced' | 'off';
  /** Where functions run: in this process under `clock`, or in processes of their own. */
  host: 'simulated' | 'real';
  /** Where it can be reached, without a slash at the end; known once it listens. */
  endpoint(): string;
  /** One request as it stands on the wire: how a simulated function reaches AWS. */
  wire: Wire;
  /** A running service, for what no AWS operation offers (being woken when a message becomes visible, say). */
  service<Name extends keyof Services>(name: Name): Services[Name];
  /**
   * One part of the embedded AWS calls another, as `principal`: policies, faults and the activity log apply as on the wire.
   * @param headers lower-case names, such as the trace that the call belongs to. @default none
   */
  call<Output>(
    principal: Principal,
    service: keyof Services,
    operation: string,
    input: object,
    headers?: Record<string, string>,
  ): Promise<Output>;
  /** Tells whoever watches (`GET /_spillway/activity`, traces under test) that something happened. */
  activity: Activity;
}

/** Something that happened, as one flat record. `at` is added by whoever tells. */
export interface Happening {
  /** Such as `call`, `delivery`, `invocation`, `fault`. */
  kind: string;
  [detail: string]: string | number | boolean | undefined;
}

export interface Activity {
  tell(happening: Happening): void;
  /** Returns how to stop listening. */
  listen(listener: (happening: Happening & { at: number }) => void): () => void;
}
