/** What stacks are and what happened to them. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import type { Answer } from '../../service.ts';
import { exportsOf, findStack, importersOf, type Engine } from '../engine.ts';
import type { Stack } from '../stack.ts';
import { invalid } from '../template.ts';
import { page } from './page.ts';
import { describedResource, describedStack, summarizedResource, summarizedStack } from './shown.ts';
import { existingStack } from './stacks.ts';

export const readingOperations = (started: () => Promise<Engine>) => ({
  ...ofStacks(started),
  ...ofEvents(started),
  ...ofResources(started),
  ...ofExports(started),
});

const ofStacks = (started: () => Promise<Engine>) => ({
  async DescribeStacks({ StackName, NextToken }: CFN.DescribeStacksCommandInput) {
    const engine = await started();
    if (StackName !== undefined) {
      const stack = findStack(engine, StackName);
      if (!stack) throw invalid(`Stack with id ${StackName} does not exist`);
      return { Stacks: [describedStack(stack)] } satisfies Answer<CFN.DescribeStacksCommandOutput>;
    }
    const { items, next } = page(
      newestFirst(engine).filter(({ status }) => status !== 'DELETE_COMPLETE'),
      NextToken,
    );
    return { Stacks: items.map(describedStack), ...next } satisfies Answer<CFN.DescribeStacksCommandOutput>;
  },

  async ListStacks({ StackStatusFilter = [], NextToken }: CFN.ListStacksCommandInput) {
    const wanted = newestFirst(await started()).filter(
      ({ status }) => StackStatusFilter.length === 0 || StackStatusFilter.includes(status),
    );
    const { items, next } = page(wanted, NextToken);
    const StackSummaries = items.map(summarizedStack);
    return { StackSummaries, ...next } satisfies Answer<CFN.ListStacksCommandOutput>;
  },
});

const ofEvents = (started: () => Promise<Engine>) => ({
  async DescribeStackEvents({ StackName, NextToken }: CFN.DescribeStackEventsCommandInput) {
    const stack = existingStack(await started(), StackName);
    const { items, next } = page(stack.events.toReversed(), NextToken);
    return { StackEvents: items, ...next } satisfies Answer<CFN.DescribeStackEventsCommandOutput>;
  },

  /** The CLI asks for it to explain failures, and falls back to DescribeStackEvents. */
  async DescribeEvents() {
    return { OperationEvents: [] } satisfies Answer<CFN.DescribeEventsCommandOutput>;
  },
});

const ofResources = (started: () => Promise<Engine>) => ({
  async DescribeStackResource({ StackName, LogicalResourceId = '' }: CFN.DescribeStackResourceCommandInput) {
    const stack = existingStack(await started(), StackName);
    const resource = stack.resources.get(LogicalResourceId);
    if (!resource) throw invalid(`Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
    return {
      StackResourceDetail: describedResource(stack, resource),
    } satisfies Answer<CFN.DescribeStackResourceCommandOutput>;
  },

  async DescribeStackResources({
    StackName,
    LogicalResourceId,
    PhysicalResourceId,
  }: CFN.DescribeStackResourcesCommandInput) {
    const engine = await started();
    const stack =
      StackName === undefined ? ownerOf(engine, PhysicalResourceId) : findStack(engine, StackName);
    if (!stack) throw invalid(`Stack with id ${StackName ?? PhysicalResourceId} does not exist`);
    const resources = [...stack.resources.values()].filter(
      ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
    );
    const StackResources = resources.map((resource): CFN.StackResource => {
      const { LastUpdatedTimestamp, Metadata: _metadata, ...detail } = describedResource(stack, resource);
      return { ...detail, Timestamp: LastUpdatedTimestamp };
    });
    return { StackResources } satisfies Answer<CFN.DescribeStackResourcesCommandOutput>;
  },

  async ListStackResources({ StackName, NextToken }: CFN.ListStackResourcesCommandInput) {
    const stack = existingStack(await started(), StackName);
    const { items, next } = page([...stack.resources.values()], NextToken);
    return {
      StackResourceSummaries: items.map(summarizedResource),
      ...next,
    } satisfies Answer<CFN.ListStackResourcesCommandOutput>;
  },
});

const ofExports = (started: () => Promise<Engine>) => ({
  async ListExports({ NextToken }: CFN.ListExportsCommandInput) {
    const { items, next } = page(exportsOf(await started()), NextToken);
    const Exports = items.map(({ name, value, stack }) => ({
      ExportingStackId: stack.id,
      Name: name,
      Value: value,
    }));
    return { Exports, ...next } satisfies Answer<CFN.ListExportsCommandOutput>;
  },

  async ListImports({ ExportName = '' }: CFN.ListImportsCommandInput) {
    const importers = importersOf(await started(), ExportName);
    if (importers.length === 0) throw invalid(`Export '${ExportName}' is not imported by any stack.`);
    return { Imports: importers.map(({ name }) => name) } satisfies Answer<CFN.ListImportsCommandOutput>;
  },
});

const newestFirst = ({ stacks }: Engine): Stack[] => [...stacks.values()].toReversed();

const ownerOf = (engine: Engine, physicalId: string | undefined): Stack | undefined =>
  [...engine.stacks.values()].find(({ resources }) =>
    [...resources.values()].some(({ id }) => id === physicalId),
  );
