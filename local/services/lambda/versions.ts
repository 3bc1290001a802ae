import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { revised, shown } from './configuration.ts';
import type { LambdaFunction, Revision } from './function.ts';
import { paged } from './paging.ts';
import { invalid } from './refusals.ts';
import type { Registry } from './registry.ts';

/** Versions, which never change. */
export function versioning({ world, functionOf }: Registry) {
  return {
    PublishVersion({ FunctionName, CodeSha256, Description, PublishTo }: Lambda.PublishVersionCommandInput) {
      const fn = functionOf(FunctionName);
      const { configuration } = fn.latest;
      if (PublishTo) throw invalid('PublishTo is not supported.');
      if (CodeSha256 && CodeSha256 !== configuration.CodeSha256)
        throw invalid(
          `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${configuration.CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      return shown(published(fn, world, Description)) satisfies Answer<Lambda.PublishVersionCommandOutput>;
    },

    ListVersionsByFunction({ FunctionName, Marker, MaxItems }: Lambda.ListVersionsByFunctionCommandInput) {
      const fn = functionOf(FunctionName);
      const all = [fn.latest, ...fn.versions.values()].map(({ configuration }) => ({
        ...configuration,
        FunctionArn: `${fn.arn}:${configuration.Version}`,
      }));
      const { page, next } = paged(all, Marker, MaxItems ?? 50);
      return { Versions: page, ...next } satisfies Answer<Lambda.ListVersionsByFunctionCommandOutput>;
    },
  };
}

/** Makes a version of `$LATEST`, unless the last one is no different. */
export function published(fn: LambdaFunction, world: World, description?: string): Revision {
  const { configuration, code } = fn.latest;
  const last = [...fn.versions.values()].at(-1);
  if (last && last.published === configuration.RevisionId) return last;
  const version = String(fn.nextVersion++);
  const revision = revised(
    {
      ...configuration,
      Version: version,
      FunctionArn: `${fn.arn}:${version}`,
      RevisionId: world.random.uuid(),
      ...(description !== undefined && { Description: description }),
    },
    code,
    world,
  );
  fn.versions.set(version, { ...revision, published: configuration.RevisionId });
  return revision;
}
