import type { Check } from './check.ts';

/**
 * What a rule missed while it was being replaced or was wrong can only be brought back by a replay. F20, F53.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
export const busesAreArchived: Check = {
  name: 'buses-are-archived',
  proves: 'Every bus that has rules has an archive of everything.',
  find: ({ template }) => {
    const archives = template.ofType('AWS::Events::Archive');
    const buses = new Set(
      template
        .ofType('AWS::Events::Rule')
        .map(({ Properties }) => template.referred(Properties['EventBusName'])),
    );
    return [...buses].flatMap((bus) => {
      if (!bus) return [];
      const whole = archives.some(
        ({ Properties }) =>
          template.referred(Properties['SourceArn']) === bus && Properties['EventPattern'] === undefined,
      );
      return whole
        ? []
        : [
            {
              resource: bus.id,
              at: 'Properties',
              problem: 'it has no archive of all its events, so what was missed cannot be replayed',
              fix: 'Add a CfnArchive of the bus without an event pattern.',
            },
          ];
    });
  },
};
