/**
 * Delivering an event to a target: at least once, again after failures that may pass, to the target's dead-letter queue
 * after others. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import type { Target } from '@aws-sdk/client-eventbridge';
import { milliseconds } from '../../duration.ts';
import type { World } from '../../world.ts';
import { tasks } from '../../durability/tasks.ts';
import type { Buses, Rule } from './bus.ts';
import { sender } from './calls.ts';
import { deadLetters } from './dead-letters.ts';
import type { Envelope } from './event.ts';
import { errorCodeOf, HttpFailure, isRetriable } from './failures.ts';
import { shapeOf, type Shape } from './input.ts';
import type { Metrics } from './metrics.ts';
import { exhaustedBy } from './retry.ts';
import type { Settings } from './settings.ts';
import { undeliveredOf, type Undelivered } from './undelivered.ts';

/** Starts the deliveries of an event to every target of a rule, in order; nobody waits for them. */
export type Deliver = (rule: Rule, event: Envelope) => void;

export function deliveries(world: World, buses: Buses, settings: Settings, metrics: Metrics): Deliver {
  const { clock, random, activity, faults } = world;
  const send = sender(world);
  const end = deadLetters(world, settings, metrics);
  const shapes = new WeakMap<Target, Shape>();

  const shaped = (rule: Rule, target: Target, event: Envelope) => {
    let shape = shapes.get(target);
    if (!shape) shapes.set(target, (shape = shapeOf(target, settings.nothingSelected)));
    return shape(event, rule);
  };

  const attempt = async (delivery: Undelivered, keep: () => void): Promise<void> => {
    const { rule, target, event, retries } = delivery;
    const input = shaped(rule, target, event);
    if (input === undefined) {
      const message = 'The input of the target is not valid JSON after its transformation.';
      return end(rule, target, event, { code: 'INVALID_JSON', message, retries }, undefined);
    }
    try {
      await send({ rule, target, event, input });
      metrics.rule(rule, 'Invocations');
    } catch (error) {
      const failure = { code: errorCodeOf(error), message: (error as Error).message, retries };
      if (!isRetriable(error)) return end(rule, target, event, failure, input);
      const asked = error instanceof HttpFailure ? error.retryAfterMs : 0;
      const wait = Math.max(asked, settings.backoff(retries + 1, random.next()));
      const exhausted = exhaustedBy(target.RetryPolicy ?? {}, event.ingested, retries, clock.now() + wait);
      if (exhausted) return end(rule, target, event, { ...failure, exhausted }, input);
      activity.tell({
        kind: 'retry',
        rule: rule.arn,
        target: target.Arn,
        event: event.id,
        error: failure.code,
      });
      delivery.retries++;
      delivery.due = clock.now() + wait;
      keep();
      await clock.sleep(wait);
      await attempt(delivery, keep);
    }
  };
  const begin = tasks(
    world,
    'events/deliveries',
    (delivery: Undelivered, keep) =>
      delivery.due === undefined
        ? attempt(delivery, keep)
        : clock.sleep(delivery.due - clock.now()).then(() => attempt(delivery, keep)),
    undeliveredOf(buses),
  );

  return (rule, event) => {
    for (const target of rule.targets.values()) {
      const place = { service: 'events', targets: [rule.bus.arn, rule.arn, target.Arn ?? ''] };
      const late = faults.any ? faults.hits('reorder', place) : undefined;
      const due = late && { due: clock.now() + milliseconds(late.by ?? '1s') };
      begin({ rule, target, event, retries: 0, ...due });
      if (faults.any && faults.hits('duplicate', place)) begin({ rule, target, event, retries: 0 });
    }
  };
}
