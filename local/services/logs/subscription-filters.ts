/** Functions that are given the log events of a group. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { byName, checkFilter, deleteFilter, putFilter } from './filters.ts';
import { paged } from './paging.ts';
import { logPattern } from './pattern.ts';
import type { LogStore } from './store.ts';

/** Of a log group. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_FILTERS = 2;

export function subscriptionFilterOperations({ world, groupOf, arn }: LogStore) {
  return {
    async PutSubscriptionFilter(input: Logs.PutSubscriptionFilterCommandInput) {
      const { logGroupName, filterName = '', filterPattern = '', destinationArn = '' } = input;
      const { name } = groupOf(logGroupName);
      checkFilter(filterName, filterPattern);
      refuseUnmodelled(input);
      logPattern(filterPattern);
      const service = await letIn(world, arn(name), destinationArn);
      const filter = {
        filterName,
        filterPattern,
        destinationArn,
        distribution: input.distribution ?? 'ByLogStream',
        creationTime: world.clock.now(),
        service,
      };
      putFilter(groupOf(logGroupName).subscriptionFilters, filter, MOST_FILTERS);
      return {} satisfies Answer<Logs.PutSubscriptionFilterCommandOutput>;
    },

    DescribeSubscriptionFilters(input: Logs.DescribeSubscriptionFiltersCommandInput) {
      const { logGroupName, filterNamePrefix, limit = 50, nextToken } = input;
      const { name, subscriptionFilters } = groupOf(logGroupName);
      const all = byName([...subscriptionFilters.values()], filterNamePrefix).map(
        ({ service: _service, ...filter }): Logs.SubscriptionFilter => ({
          ...filter,
          logGroupName: name,
          applyOnTransformedLogs: false,
        }),
      );
      const { page, next } = paged(all, nextToken, limit);
      return {
        subscriptionFilters: page,
        ...next,
      } satisfies Answer<Logs.DescribeSubscriptionFiltersCommandOutput>;
    },

    DeleteSubscriptionFilter({ logGroupName, filterName }: Logs.DeleteSubscriptionFilterCommandInput) {
      return deleteFilter(groupOf(logGroupName).subscriptionFilters, filterName, 'subscription');
    },
  };
}

function refuseUnmodelled(input: Logs.PutSubscriptionFilterCommandInput): void {
  const { destinationArn = '', roleArn } = input;
  const vendor = destinationArn.split(':')[2] ?? '';
  if (vendor !== 'lambda') throw notModelled(`subscription filters with ${vendor || 'such'} destinations`);
  if (roleArn)
    throw new AwsError(
      'InvalidParameterException',
      'destinationArn for vendor lambda cannot be used with roleArn',
    );
  if (input.applyOnTransformedLogs) throw notModelled('filters on transformed logs');
  if (input.fieldSelectionCriteria) throw notModelled('field selection criteria of filters');
  if (input.emitSystemFields?.length) throw notModelled('system fields of subscriptions');
}

/** Whom a function lets in on behalf of a group: permissions name the service with or without its region. */
async function letIn(world: World, group: string, FunctionName: string): Promise<string> {
  for (const service of ['logs.amazonaws.com', `logs.${world.region}.amazonaws.com`]) {
    const principal = logsFor(world, service, group);
    const trial = world.call(principal, 'lambda', 'Invoke', { FunctionName, InvocationType: 'DryRun' });
    if (
      await trial.then(
        () => true,
        () => false,
      )
    )
      return service;
  }
  throw new AwsError(
    'InvalidParameterException',
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  );
}

/** @param group its ARN, without `:*` */
export const logsFor = ({ account }: World, service: string, group: string) =>
  servicePrincipal(account, service, `${group}:*`);
