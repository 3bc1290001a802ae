import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';
import type { Template } from './template.ts';

const DAY = 86_400;

/**
 * A mark that expires while a copy of its event can still arrive: the copy can wait in the queue, then in the dead-letter
 * queue, then be replayed from the archive. A consumer without a fence would run it twice; one with a fence gives it up as
 * EXPIRED. F49, B73.
 */
export const marksOutliveCopies: Check = {
  name: 'marks-outlive-copies',
  proves: 'No consumer forgets what was handled while a copy of it can still arrive.',
  find: ({ template }) => {
    const consumers = [...new Set(queueMappingsOf(template).map(({ fn }) => fn))];
    const horizon = horizonOf(template);
    return consumers.flatMap((fn) => {
      const { SPILLWAY_TABLE, SPILLWAY_MARKS_EXPIRE_AFTER } = fn?.Properties['Environment']?.Variables ?? {};
      const table = template.referred(SPILLWAY_TABLE);
      if (table?.Properties['TimeToLiveSpecification']?.Enabled !== true) return [];
      const days = Number(SPILLWAY_MARKS_EXPIRE_AFTER ?? NaN) / DAY;
      if (days >= horizon.days) return [];
      return [
        {
          resource: table.id,
          at: 'Properties.TimeToLiveSpecification',
          problem: `its marks expire${Number.isNaN(days) ? ' and nothing fences older events off' : ` after ${days} days`}, but a copy of an event can arrive ${horizon.text}`,
          fix: `Leave out marks.expireAfter (a mark is a hundred bytes)${horizon.days === Infinity ? '' : `, or set it to at least ${horizon.days} days`}.`,
        },
      ];
    });
  },
};

/** Retention of queue, dead-letter queue and the longest archive, added up. */
function horizonOf(template: Template): { days: number; text: string } {
  const retained = template
    .ofType('AWS::SQS::Queue')
    .map(({ Properties }) => (Properties['MessageRetentionPeriod'] ?? 4 * DAY) / DAY);
  const archived = template
    .ofType('AWS::Events::Archive')
    .map(({ Properties }) => Properties['RetentionDays'] || Infinity);
  const queue = Math.max(0, ...retained);
  const archive = Math.max(0, ...archived);
  const days = 2 * queue + archive;
  return {
    days,
    text:
      archive === Infinity
        ? 'at any time (the archive keeps for ever)'
        : `up to ${queue} + ${queue} + ${archive} = ${days} days later`,
  };
}
