import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';
import type { Resource, Template } from './template.ts';

const DAY = 86_400;

/**
 * A mark that expires while a copy of its event can still arrive lets the event run twice: a copy can wait in the queue,
 * then in the dead-letter queue, then be replayed from the archive. So tables keep their marks. F49, B73.
 */
export const marksOutliveCopies: Check = {
  name: 'marks-outlive-copies',
  proves: 'No table of a consumer forgets what was handled.',
  find: ({ template }) => {
    const consumers = [...new Set(queueMappingsOf(template).map(({ fn }) => fn))];
    const tables = new Set(
      consumers.map((fn) => template.referred(fn?.Properties['Environment']?.Variables?.SPILLWAY_TABLE)),
    );
    return [...tables]
      .filter((table): table is Resource => table?.Properties['TimeToLiveSpecification']?.Enabled === true)
      .map((table) => ({
        resource: table.id,
        at: 'Properties.TimeToLiveSpecification',
        problem: `its items expire, but a copy of an event can arrive ${horizonOf(template)}`,
        fix: 'Leave out timeToLiveAttribute: a mark is a hundred bytes.',
      }));
  },
};

/** Retention of queue, dead-letter queue and the longest archive, added up. */
function horizonOf(template: Template): string {
  const retained = template
    .ofType('AWS::SQS::Queue')
    .map(({ Properties }) => (Properties['MessageRetentionPeriod'] ?? 4 * DAY) / DAY);
  const archived = template
    .ofType('AWS::Events::Archive')
    .map(({ Properties }) => Properties['RetentionDays'] || Infinity);
  const queue = Math.max(0, ...retained);
  const archive = Math.max(0, ...archived);
  return archive === Infinity
    ? 'at any time (the archive keeps for ever)'
    : `up to ${queue} + ${queue} + ${archive} = ${2 * queue + archive} days later`;
}
