/** What there is of pipes, and their tags. https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html */
import type * as Pipes from '@aws-sdk/client-pipes';
import type { Answer } from '../../service.ts';
import { page } from '../events/constraints.ts';
import type { Pipe, Store } from './pipe.ts';

export function describing(pipes: Store) {
  return {
    DescribePipe({ Name }: Pipes.DescribePipeRequest) {
      const pipe = pipes.at(Name);
      return {
        ...listed(pipe),
        ...pipe.definition,
        Tags: pipe.tags,
      } satisfies Answer<Pipes.DescribePipeCommandOutput>;
    },

    ListPipes({ NamePrefix = '', SourcePrefix = '', TargetPrefix = '', ...rest }: Pipes.ListPipesRequest) {
      const { DesiredState, CurrentState } = rest;
      const found = pipes
        .all()
        .filter(
          ({ name, definition, desired, state }) =>
            name.startsWith(NamePrefix) &&
            definition.Source.startsWith(SourcePrefix) &&
            definition.Target.startsWith(TargetPrefix) &&
            (DesiredState === undefined || desired === DesiredState) &&
            (CurrentState === undefined || state === CurrentState),
        );
      const { items, next } = page(found, rest);
      return { Pipes: items.map(listed), ...next } satisfies Answer<Pipes.ListPipesCommandOutput>;
    },

    TagResource({ resourceArn, tags }: Pipes.TagResourceRequest) {
      Object.assign(pipes.withArn(resourceArn).tags, tags);
      return {} satisfies Answer<Pipes.TagResourceCommandOutput>;
    },

    UntagResource({ resourceArn, tagKeys = [] }: Pipes.UntagResourceRequest) {
      const pipe = pipes.withArn(resourceArn);
      for (const key of tagKeys) delete pipe.tags[key];
      return {} satisfies Answer<Pipes.UntagResourceCommandOutput>;
    },

    ListTagsForResource({ resourceArn }: Pipes.ListTagsForResourceRequest) {
      const { tags } = pipes.withArn(resourceArn);
      return { tags } satisfies Answer<Pipes.ListTagsForResourceCommandOutput>;
    },
  };
}

const listed = ({ name, arn, desired, state, created, modified, definition }: Pipe) => ({
  Name: name,
  Arn: arn,
  DesiredState: desired,
  CurrentState: state,
  StateReason: 'USER_INITIATED',
  CreationTime: new Date(created),
  LastModifiedTime: new Date(modified),
  Source: definition.Source,
  Target: definition.Target,
  ...(definition.Enrichment ? { Enrichment: definition.Enrichment } : {}),
});
