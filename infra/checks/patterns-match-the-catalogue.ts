import type { Check, Declared } from './check.ts';
import { nearest } from './nearest.ts';
import { listOf, type Resource } from './template.ts';

/** A rule on a type that nobody says, or on a misspelt one, waits for ever. B72. */
export const patternsMatchTheCatalogue: Check = {
  name: 'patterns-match-the-catalogue',
  proves:
    'Every rule has a pattern or a schedule, and every rule of a pipeline names a type that can be said in it.',
  find: ({ template, pipelines }) =>
    template.ofType('AWS::Events::Rule').flatMap((rule) => {
      const { EventPattern, ScheduleExpression, EventBusName } = rule.Properties;
      const finding = (problem: string, fix: string) => [
        { resource: rule.id, at: 'Properties.EventPattern', problem, fix },
      ];
      if (ScheduleExpression === undefined && isEmpty(EventPattern)) {
        return finding('the pattern is empty, which EventBridge refuses', 'Say which events it is for.');
      }
      const bus = template.referred(EventBusName)?.id;
      if (bus === undefined || !pipelines.some((pipeline) => pipeline.bus === bus)) return [];
      const known = knownTypes(pipelines);
      const unknown = unknownTypes(rule, known);
      if (unknown.length === 0) return [];
      return finding(
        `nobody says ${unknown.join(' or ')} on this bus${nearest(unknown[0]!, known)}`,
        `Use the pattern of a contract. Known are ${known.join(', ')}.`,
      );
    }),
};

const isEmpty = (pattern: unknown): boolean =>
  typeof pattern !== 'object' ||
  pattern === null ||
  Object.values(pattern).every((value) => Array.isArray(value) && value.length === 0);

/** The types that a pattern asks for literally, where it knows none of them. */
function unknownTypes({ Properties }: Resource, known: readonly string[]): string[] {
  const branches: Record<string, unknown>[] = [
    Properties['EventPattern'],
    ...(Properties['EventPattern']?.$or ?? []),
  ];
  return branches.flatMap((branch) => {
    const types = listOf(branch['detail-type'] as unknown[]);
    const literal = types.filter((type) => typeof type === 'string');
    return literal.length === types.length && !literal.some((type) => known.includes(type)) ? literal : [];
  });
}

/** Pipelines of one stack may share the bus of one of them. */
const knownTypes = (pipelines: readonly Declared[]): string[] => [
  ...new Set(
    pipelines.flatMap(({ consumers, heardElsewhere }) => [
      ...consumers.flatMap(({ on, publishes }) => [...on, ...publishes]),
      ...heardElsewhere,
    ]),
  ),
];
