/** Alarms over alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { Alarm, Verdict } from './alarm.ts';
import { validation } from './failures.ts';

/** What a rule says, given the state of each alarm by name or ARN; an alarm that does not exist is in no state. */
export type Rule = (stateOf: (alarm: string) => StateValue | undefined) => boolean;

/** The composite alarms whose state is no longer what their rule says. */
export function composites(byName: Map<string, Alarm>): () => [Alarm, Verdict][] {
  const rules = new Map<string, Rule>();
  const ruleOf = (text: string) => {
    let rule = rules.get(text);
    if (!rule) rules.set(text, (rule = parseRule(text)));
    return rule;
  };
  const stateOf = (alarm: string) => byName.get(alarm.replace(/^arn:.*?:alarm:/, ''))?.state;
  return () =>
    [...byName.values()].flatMap((alarm): [Alarm, Verdict][] => {
      if (alarm.given.AlarmRule === undefined) return [];
      const state = ruleOf(alarm.given.AlarmRule)(stateOf) ? 'ALARM' : 'OK';
      const reason = `${alarm.arn} transitioned to ${state}, because its rule ${alarm.given.AlarmRule} is ${state === 'ALARM' ? 'TRUE' : 'FALSE'}`;
      return state === alarm.state ? [] : [[alarm, { state, reason }]];
    });
}

/** `ALARM("a") AND (NOT OK(b) OR INSUFFICIENT_DATA(c))`. Throws ValidationError. */
export function parseRule(text: string): Rule {
  const tokens =
    text.match(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]*"|[^\s()]+)\s*\)|\w+|[()]/g) ?? [];
  let at = 0;
  const primary = (): Rule => {
    const token = tokens[at++] ?? '';
    if (token === 'NOT') {
      const inner = primary();
      return (stateOf) => !inner(stateOf);
    }
    if (token === '(') {
      const inner = either();
      if (tokens[at++] !== ')') throw wrong();
      return inner;
    }
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    const [, state, quoted, plain] = /^(\w+)\s*\(\s*(?:"([^"]*)"|([^\s()]+))\s*\)$/.exec(token) ?? [];
    if (state === undefined) throw wrong();
    return (stateOf) => stateOf((quoted ?? plain)!) === state;
  };
  const chain = (word: string, inner: () => Rule, holds: (all: boolean[]) => boolean) => (): Rule => {
    const parts = [inner()];
    while (tokens[at] === word) {
      at++;
      parts.push(inner());
    }
    return (stateOf) => holds(parts.map((part) => part(stateOf)));
  };
  const both = chain('AND', primary, (all) => all.every(Boolean));
  const either = chain('OR', both, (all) => all.some(Boolean));
  const rule = either();
  if (at < tokens.length) throw wrong();
  return rule;
}

const wrong = () => validation('AlarmRule must not contain invalid syntax');
