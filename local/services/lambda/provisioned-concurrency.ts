/**
 * Environments that AWS keeps ready for a version or an alias: counted and told. Here an environment is opened when the
 * first invocation needs it, as without. https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { ACCOUNT_CONCURRENCY } from './concurrency.ts';
import type { LambdaFunction } from './function.ts';
import { paged } from './paging.ts';
import { invalid, notFound, outOfRange } from './refusals.ts';
import type { Registry } from './registry.ts';

export interface Provisioned {
  requested: number;
  /** Milliseconds since 1970. */
  modified: number;
}

interface Named {
  FunctionName?: string | undefined;
  Qualifier?: string | undefined;
}

export function provisioning({ world, functions, functionOf, arn }: Registry) {
  const found = ({ FunctionName, Qualifier = '' }: Named): Provisioned => {
    const provisioned = functionOf(FunctionName).provisioned.get(Qualifier);
    if (!provisioned)
      throw new AwsError(
        'ProvisionedConcurrencyConfigNotFoundException',
        'No Provisioned Concurrency Config found for this function',
        { status: 404, Type: 'User' },
      );
    return provisioned;
  };
  return {
    PutProvisionedConcurrencyConfig({
      ProvisionedConcurrentExecutions: requested = 0,
      ...named
    }: Lambda.PutProvisionedConcurrencyConfigCommandInput) {
      const fn = functionOf(named.FunctionName);
      if (requested < 1)
        throw outOfRange(requested, 'provisionedConcurrentExecutions', 'greater than or equal to 1');
      const qualifier = checkedQualifier(fn, named.Qualifier);
      checkRoom(fn, qualifier, requested, functions.values());
      const provisioned = { requested, modified: world.clock.now() };
      fn.provisioned.set(qualifier, provisioned);
      return {
        ...shown(provisioned),
        AllocatedProvisionedConcurrentExecutions: 0,
        AvailableProvisionedConcurrentExecutions: 0,
        Status: 'IN_PROGRESS',
      } satisfies Answer<Lambda.PutProvisionedConcurrencyConfigCommandOutput>;
    },

    GetProvisionedConcurrencyConfig(input: Lambda.GetProvisionedConcurrencyConfigCommandInput) {
      return shown(found(input)) satisfies Answer<Lambda.GetProvisionedConcurrencyConfigCommandOutput>;
    },

    DeleteProvisionedConcurrencyConfig({
      FunctionName,
      Qualifier = '',
    }: Lambda.DeleteProvisionedConcurrencyConfigCommandInput) {
      functionOf(FunctionName).provisioned.delete(Qualifier);
      return {} satisfies Answer<Lambda.DeleteProvisionedConcurrencyConfigCommandOutput>;
    },

    ListProvisionedConcurrencyConfigs(input: Lambda.ListProvisionedConcurrencyConfigsCommandInput) {
      const { name, provisioned } = functionOf(input.FunctionName);
      const all = Array.from(provisioned, ([qualifier, each]) => ({
        FunctionArn: `${arn(name)}:${qualifier}`,
        ...shown(each),
      }));
      const { page, next } = paged(all, input.Marker, input.MaxItems ?? 50);
      return {
        ProvisionedConcurrencyConfigs: page,
        ...next,
      } satisfies Answer<Lambda.ListProvisionedConcurrencyConfigsCommandOutput>;
    },
  };
}

const shown = ({ requested, modified }: Provisioned) => ({
  RequestedProvisionedConcurrentExecutions: requested,
  AllocatedProvisionedConcurrentExecutions: requested,
  AvailableProvisionedConcurrentExecutions: requested,
  Status: 'READY' as const,
  LastModified: new Date(modified).toISOString().replace(/\.\d+Z$/, '+0000'),
});

/** A version may be provisioned by itself or by an alias that points to it, not by both. */
function checkedQualifier({ arn, versions, aliases, provisioned }: LambdaFunction, qualifier = '$LATEST') {
  if (qualifier === '$LATEST')
    throw invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  const alias = aliases.get(qualifier);
  if (!alias && !versions.has(qualifier)) throw notFound(`Function not found: ${arn}:${qualifier}`);
  if (alias && provisioned.has(alias.FunctionVersion!))
    throw invalid(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
  if (
    !alias &&
    [...aliases].some(([name, one]) => provisioned.has(name) && one.FunctionVersion === qualifier)
  )
    throw invalid('Version is pointed by a Provisioned Concurrency alias');
  return qualifier;
}

/** It is part of what the function has reserved, or else of what the account has left. */
function checkRoom(
  fn: LambdaFunction,
  qualifier: string,
  requested: number,
  functions: Iterable<LambdaFunction>,
): void {
  const ofOthers = ({ provisioned }: LambdaFunction) =>
    [...provisioned].reduce(
      (sum, [name, each]) =>
        provisioned === fn.provisioned && name === qualifier ? sum : sum + each.requested,
      0,
    );
  if (fn.reserved !== undefined) {
    if (ofOthers(fn) + requested <= fn.reserved) return;
    throw invalid(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    );
  }
  let left = ACCOUNT_CONCURRENCY - LEFT_UNRESERVED;
  for (const other of functions) left -= other.reserved ?? ofOthers(other);
  if (requested > left)
    throw invalid(
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${left}].`,
    );
}

/** Concurrency that must stay with functions that have none of their own. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const LEFT_UNRESERVED = 100;
