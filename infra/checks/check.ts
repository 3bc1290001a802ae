import type { Template } from './template.ts';

/**
 * A proof over a synthesized template. What it finds fails `cdk synth`, unless it is acknowledged at the construct or
 * above it: `Validations.of(consumer.queue).acknowledge({ id: 'Spillway::enough-receives', reason: '…' })`.
 */
export interface Check {
  /** Also the id under which it is acknowledged. */
  readonly name: string;
  /** What holds when it finds nothing. */
  readonly proves: string;
  readonly find: (deployment: Deployment) => Finding[];
}

/** A stack as it will be deployed, and what its pipelines were declared to be. */
export interface Deployment {
  readonly template: Template;
  readonly pipelines: readonly Declared[];
}

/** A pipeline as it was declared. */
export interface Declared {
  /** Whether its stage keeps data when the stack goes. */
  readonly keepsData: boolean;
  /** Logical id of its bus. Undefined where the bus is imported. */
  readonly bus: string | undefined;
  /** Types of events that others listen to. */
  readonly heardElsewhere: readonly string[];
  readonly consumers: readonly DeclaredConsumer[];
}

export interface DeclaredConsumer {
  readonly name: string;
  /** Logical id of its function. */
  readonly function: string;
  /** Types of events and commands. */
  readonly on: readonly string[];
  /** Types of events. */
  readonly publishes: readonly string[];
  /** Types of commands. */
  readonly sends: readonly string[];
  readonly breaksCycle: boolean;
}

export interface Finding {
  /** Logical id. */
  readonly resource: string;
  /** Where in the resource, such as `Properties.VisibilityTimeout`. */
  readonly at: string;
  /** What is wrong: the value and the limit that it breaks. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
}
