/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html and its siblings. */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Archive, Archives } from './archive.ts';
import { alreadyExists, inOrder, invalid, type Buses } from './bus.ts';
import { check, page } from './constraints.ts';
import { compilePattern } from './pattern/compile.ts';

export function archiveOperations(world: World, buses: Buses, archives: Archives) {
  return {
    CreateArchive: createArchive(world, buses, archives),
    UpdateArchive: updateArchive(archives),

    DescribeArchive({ ArchiveName }: EventBridge.DescribeArchiveCommandInput) {
      const archive = archives.at(ArchiveName);
      return {
        ...listed(archive),
        ArchiveArn: archive.arn,
        ...(archive.description === undefined ? {} : { Description: archive.description }),
        ...(archive.eventPattern === undefined ? {} : { EventPattern: archive.eventPattern }),
      } satisfies Answer<EventBridge.DescribeArchiveCommandOutput>;
    },

    ListArchives({ NamePrefix, EventSourceArn, State, ...rest }: EventBridge.ListArchivesCommandInput) {
      refuseSeveral('ListArchives', [NamePrefix, EventSourceArn, State]);
      if (EventSourceArn !== undefined) buses.at(EventSourceArn);
      const found = inOrder(archives.all()).filter(
        ({ name, busArn }) =>
          name.startsWith(NamePrefix ?? '') &&
          (EventSourceArn === undefined || busArn === EventSourceArn) &&
          (State === undefined || State === 'ENABLED'),
      );
      const { items, next } = page(found, rest);
      return {
        Archives: items.map(listed),
        ...next,
      } satisfies Answer<EventBridge.ListArchivesCommandOutput>;
    },

    DeleteArchive({ ArchiveName }: EventBridge.DeleteArchiveCommandInput) {
      archives.remove(archives.at(ArchiveName));
      return {} satisfies Answer<EventBridge.DeleteArchiveCommandOutput>;
    },
  };
}

/** Of AWS's filters only one may be given. */
export function refuseSeveral(operation: string, filters: unknown[]): void {
  if (filters.filter((filter) => filter !== undefined).length > 1)
    throw invalid(
      `At most one filter is allowed for ${operation}. Use either : State, EventSourceArn, or NamePrefix.`,
    );
}

function createArchive({ account, region, clock }: World, buses: Buses, archives: Archives) {
  return (input: EventBridge.CreateArchiveCommandInput): Answer<EventBridge.CreateArchiveCommandOutput> => {
    const { ArchiveName = '', EventSourceArn, EventPattern, RetentionDays = 0, Description } = input;
    checkArchive(input);
    const bus = buses.at(EventSourceArn);
    if (archives.all().some(({ name }) => name === ArchiveName))
      throw alreadyExists(`Archive ${ArchiveName} already exists.`);
    return answered(
      archives.add({
        name: ArchiveName,
        arn: `arn:aws:events:${region}:${account}:archive/${ArchiveName}`,
        busArn: bus.arn,
        created: clock.now(),
        description: Description,
        eventPattern: EventPattern,
        pattern: EventPattern ? compilePattern(EventPattern) : undefined,
        retentionDays: RetentionDays,
      }),
    );
  };
}

function updateArchive(archives: Archives) {
  return (input: EventBridge.UpdateArchiveCommandInput): Answer<EventBridge.UpdateArchiveCommandOutput> => {
    const { ArchiveName, EventPattern, RetentionDays, Description } = input;
    if (EventPattern === undefined && RetentionDays === undefined && Description === undefined)
      throw invalid('At least one of EventPattern, RetentionDays or Description must be provided.');
    checkArchive(input);
    const archive = archives.at(ArchiveName);
    if (EventPattern !== undefined) {
      archive.pattern = EventPattern ? compilePattern(EventPattern) : undefined;
      archive.eventPattern = EventPattern || undefined;
    }
    archive.retentionDays = RetentionDays ?? archive.retentionDays;
    archive.description = Description ?? archive.description;
    return answered(archive);
  };
}

type Given = Pick<
  EventBridge.CreateArchiveCommandInput,
  'ArchiveName' | 'EventPattern' | 'Description' | 'KmsKeyIdentifier'
>;

function checkArchive({ ArchiveName, EventPattern, Description, KmsKeyIdentifier }: Given) {
  if (KmsKeyIdentifier) throw notModelled('KmsKeyIdentifier of an archive');
  check(
    {
      at: 'archiveName',
      value: ArchiveName,
      pattern: String.raw`[\.\-_A-Za-z0-9]+`,
      longest: 48,
      shortest: 1,
    },
    { at: 'eventPattern', value: EventPattern, longest: 4096 },
    { at: 'description', value: Description, longest: 512 },
  );
}

const answered = ({ arn, created }: Archive) => ({
  ArchiveArn: arn,
  CreationTime: new Date(created),
  State: 'ENABLED' as const,
});

const listed = ({ name, busArn, created, retentionDays, events }: Archive): EventBridge.Archive => ({
  ArchiveName: name,
  EventSourceArn: busArn,
  State: 'ENABLED',
  RetentionDays: retentionDays,
  ...events.size(retentionDays),
  CreationTime: new Date(created),
});
