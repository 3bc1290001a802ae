import type { Tag } from '@aws-sdk/client-cloudformation';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface Schedule extends Dictionary {
  Name?: string;
  GroupName?: string;
  /** As ISO 8601. */
  StartDate?: string;
  EndDate?: string;
}

interface ScheduleGroup {
  Name?: string;
  Tags?: Tag[];
}

export default {
  'AWS::Scheduler::Schedule': {
    name: 'Name',

    async create(properties: Schedule, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      return scheduled(Name, await site.call('scheduler', 'CreateSchedule', dated({ ...properties, Name })));
    },

    /** A schedule is looked for in the group that the template names now: moved to another one it is not found, as on AWS. */
    async update({ id: Name }, properties: Schedule, site) {
      return scheduled(Name, await site.call('scheduler', 'UpdateSchedule', dated({ ...properties, Name })));
    },

    async delete({ id: Name }, site, { GroupName }: Schedule) {
      await site.call('scheduler', 'DeleteSchedule', { Name, GroupName });
    },
  },

  'AWS::Scheduler::ScheduleGroup': {
    name: 'Name',

    async create({ Tags, ...properties }: ScheduleGroup, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      await site.call('scheduler', 'CreateScheduleGroup', { Name, Tags: site.tags(Tags) });
      return grouped(Name, site);
    },

    async update({ id: Name }, { Tags }: ScheduleGroup, site, previous: ScheduleGroup) {
      const group = await grouped(Name, site);
      const ResourceArn = group.attributes.Arn;
      await retag(Tags, previous.Tags, site, {
        untag: (TagKeys) => site.call('scheduler', 'UntagResource', { ResourceArn, TagKeys }),
        tag: (tags) => site.call('scheduler', 'TagResource', { ResourceArn, Tags: tags }),
      });
      return group;
    },

    async delete({ id: Name }, site) {
      await site.call('scheduler', 'DeleteScheduleGroup', { Name });
    },
  },
} satisfies ResourceTypes;

const dated = ({ StartDate, EndDate, ...rest }: Schedule): Dictionary => ({
  ...rest,
  ...(StartDate === undefined ? {} : { StartDate: new Date(StartDate) }),
  ...(EndDate === undefined ? {} : { EndDate: new Date(EndDate) }),
});

const scheduled = (id: string, { ScheduleArn }: { ScheduleArn?: unknown }) => ({
  id,
  attributes: { Arn: ScheduleArn },
});

interface Group {
  Arn: string;
  State: string;
  CreationDate: Date;
  LastModificationDate: Date;
}

async function grouped(Name: string, site: Site) {
  const { Arn, State, CreationDate, LastModificationDate } = await site.call<Group>(
    'scheduler',
    'GetScheduleGroup',
    { Name },
  );
  return {
    id: Name,
    attributes: {
      Arn,
      State,
      CreationDate: CreationDate.toISOString(),
      LastModificationDate: LastModificationDate.toISOString(),
    },
  };
}
