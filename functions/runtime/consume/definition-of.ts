import { Buffer } from 'node:buffer';
import type { CloudEvent } from '../contract/cloudevent.ts';
import type { Shape } from '../contract/schema.ts';
import type { CommandContract, Route } from '../contract.ts';
import { Fault, refusal } from '../errors.ts';
import type { Decided, Decision, Definition, Effect, Moment, Rules } from './definition.ts';

/** One shape for one aggregate, several, or none. */
export function definitionOf(on: readonly Route[], rules: Rules): Definition {
  const {
    decide,
    key,
    effect,
    stateless = false,
  } = rules as {
    decide: (state: unknown, message: CloudEvent, moment: Moment) => unknown;
    key?: (message: CloudEvent) => unknown;
    effect?: Effect<CloudEvent, unknown>;
    stateless?: boolean;
  };
  const several = (message: CloudEvent) => key !== undefined && Array.isArray(key(message));
  const parking = new Set(
    on
      .map(({ contract }) => contract as Partial<CommandContract<string, Shape>>)
      .filter(({ onPoison }) => onPoison === 'park')
      .map(({ type }) => type),
  );
  if (parking.size > 0 && stateless)
    throw refusal('CONTRACT_INVALID', 'onPoison: park needs a consumer with state');
  return {
    on,
    stateless,
    effect,
    parks: (type) => parking.has(type),
    keysOf(message) {
      const named = key ? key(message) : [];
      if (!Array.isArray(named)) return [checkedKey(named)];
      const keys = named.map(checkedKey);
      if (new Set(keys).size < keys.length)
        throw refusal('KEY_INVALID', 'the keys of this message name one aggregate twice');
      return keys;
    },
    several,
    decide(states, message, moment) {
      const list = several(message);
      const deciding = decide(list ? states : states[0], message, moment);
      const decided = (result: unknown) => decidedOf(result, list, stateless);
      return deciding instanceof Promise ? deciding.then(decided) : decided(deciding);
    },
  };
}

function checkedKey(key: unknown): string {
  if (typeof key === 'string' && key !== '' && Buffer.byteLength(key) <= 1024) return key;
  throw refusal('KEY_INVALID', 'the key of this message is no text of 1 to 1,024 bytes', {
    actual: typeof key,
  });
}

const MAX_DELAY_SECONDS = 100 * 365 * 24 * 60 * 60;

function decidedOf(result: unknown, several: boolean, stateless: boolean): Decided {
  if (stateless || result === undefined) return { states: [] };
  if (typeof result !== 'object' || result === null)
    throw new Fault('HANDLER_RESULT', 'decide returned no decision', { actual: typeof result });
  const { state, publish, send, reply, after } = result as Decision<unknown>;
  for (const list of [publish, send, after])
    if (list !== undefined && !Array.isArray(list))
      throw new Fault('HANDLER_RESULT', 'publish, send and after are lists');
  for (const { delaySeconds } of after ?? [])
    if (!(delaySeconds >= 0 && delaySeconds < MAX_DELAY_SECONDS))
      throw new Fault('HANDLER_RESULT', 'delaySeconds is not between 0 and a hundred years');
  if (several && state !== undefined && !Array.isArray(state))
    throw new Fault('HANDLER_RESULT', 'several keys take several states');
  const states = several ? ((state as unknown[] | undefined) ?? []) : [state];
  const decided: Decided = { states };
  if (publish) decided.publish = publish;
  if (send) decided.send = send;
  if (reply) decided.reply = reply;
  if (after) decided.after = after;
  return decided;
}
