import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { revised, shown } from './configuration.ts';
import type { LambdaFunction, Revision } from './function.ts';
import { paged } from './paging.ts';
import { conflict, invalid, notFound, type Registry } from './registry.ts';

/** Versions, which never change, and aliases, which point at them. */
export function versioning({ world, functionOf }: Registry) {
  const aliasOf = (fn: LambdaFunction, name = ''): Lambda.AliasConfiguration => {
    const alias = fn.aliases.get(name);
    if (!alias) throw notFound(`Cannot find alias arn: ${fn.arn}:${name}`);
    return alias;
  };
  const checkTargets = (
    fn: LambdaFunction,
    FunctionVersion = '',
    routing?: Lambda.AliasRoutingConfiguration,
  ) => {
    for (const version of [FunctionVersion, ...Object.keys(routing?.AdditionalVersionWeights ?? {})])
      if (version !== '$LATEST' && !fn.versions.has(version))
        throw notFound(`Function not found: ${fn.arn}:${version}`);
    if (routing?.AdditionalVersionWeights?.['$LATEST'] !== undefined)
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
  };

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

    CreateAlias({
      FunctionName,
      Name = '',
      FunctionVersion,
      Description = '',
      RoutingConfig,
    }: Lambda.CreateAliasCommandInput) {
      const fn = functionOf(FunctionName);
      if (fn.aliases.has(Name)) throw conflict(`Alias already exists: ${fn.arn}:${Name}`);
      checkTargets(fn, FunctionVersion, RoutingConfig);
      const alias: Lambda.AliasConfiguration = {
        AliasArn: `${fn.arn}:${Name}`,
        Name,
        FunctionVersion,
        Description,
        ...(RoutingConfig?.AdditionalVersionWeights && { RoutingConfig }),
        RevisionId: world.random.uuid(),
      };
      fn.aliases.set(Name, alias);
      return alias satisfies Answer<Lambda.CreateAliasCommandOutput>;
    },

    GetAlias({ FunctionName, Name }: Lambda.GetAliasCommandInput) {
      return aliasOf(functionOf(FunctionName), Name) satisfies Answer<Lambda.GetAliasCommandOutput>;
    },

    UpdateAlias({
      FunctionName,
      Name,
      FunctionVersion,
      Description,
      RoutingConfig,
    }: Lambda.UpdateAliasCommandInput) {
      const fn = functionOf(FunctionName);
      const before = aliasOf(fn, Name);
      checkTargets(fn, FunctionVersion ?? before.FunctionVersion, RoutingConfig);
      const alias = {
        ...before,
        ...(FunctionVersion !== undefined && { FunctionVersion }),
        ...(Description !== undefined && { Description }),
        ...(RoutingConfig !== undefined && { RoutingConfig }),
        RevisionId: world.random.uuid(),
      };
      if (Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).length === 0)
        delete alias.RoutingConfig;
      fn.aliases.set(before.Name!, alias);
      return alias satisfies Answer<Lambda.UpdateAliasCommandOutput>;
    },

    DeleteAlias({ FunctionName, Name = '' }: Lambda.DeleteAliasCommandInput) {
      functionOf(FunctionName).aliases.delete(Name);
      return {} satisfies Answer<Lambda.DeleteAliasCommandOutput>;
    },

    ListAliases({ FunctionName, FunctionVersion, Marker, MaxItems }: Lambda.ListAliasesCommandInput) {
      const all = [...functionOf(FunctionName).aliases.values()].filter(
        (alias) => FunctionVersion === undefined || alias.FunctionVersion === FunctionVersion,
      );
      const { page, next } = paged(all, Marker, MaxItems ?? 50);
      return { Aliases: page, ...next } satisfies Answer<Lambda.ListAliasesCommandOutput>;
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
