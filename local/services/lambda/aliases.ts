import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../service.ts';
import type { LambdaFunction } from './function.ts';
import { paged } from './paging.ts';
import { conflict, invalid, notFound } from './refusals.ts';
import type { Registry } from './registry.ts';

/** Aliases, which point at one version or, by weight, at two. */
export const aliasing = (registry: Registry) => ({ ...changing(registry), ...describing(registry) });

function changing({ world, functionOf }: Registry) {
  return {
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
      const { aliases, provisioned } = functionOf(FunctionName);
      aliases.delete(Name);
      provisioned.delete(Name);
      return {} satisfies Answer<Lambda.DeleteAliasCommandOutput>;
    },
  };
}

function describing({ functionOf }: Registry) {
  return {
    GetAlias({ FunctionName, Name }: Lambda.GetAliasCommandInput) {
      return aliasOf(functionOf(FunctionName), Name) satisfies Answer<Lambda.GetAliasCommandOutput>;
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

function aliasOf(fn: LambdaFunction, name = ''): Lambda.AliasConfiguration {
  const alias = fn.aliases.get(name);
  if (!alias) throw notFound(`Cannot find alias arn: ${fn.arn}:${name}`);
  return alias;
}

function checkTargets(
  fn: LambdaFunction,
  FunctionVersion = '',
  routing?: Lambda.AliasRoutingConfiguration,
): void {
  const weights = routing?.AdditionalVersionWeights ?? {};
  for (const version of [FunctionVersion, ...Object.keys(weights)])
    if (version !== '$LATEST' && !fn.versions.has(version))
      throw notFound(`Function not found: ${fn.arn}:${version}`);
  if (weights['$LATEST'] !== undefined)
    throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
}
