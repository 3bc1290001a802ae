/** Stacks and what belongs to them, as AWS shows them. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import type { Blueprint } from '../blueprint.ts';
import type { Stack, StackResource } from '../stack.ts';

export function describedStack(stack: Stack): CFN.Stack {
  const { settings, blueprint } = stack;
  const gone = stack.status === 'DELETE_COMPLETE';
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    CreationTime: new Date(stack.created),
    ...(stack.updated === undefined ? {} : { LastUpdatedTime: new Date(stack.updated) }),
    ...(stack.deleted === undefined ? {} : { DeletionTime: new Date(stack.deleted) }),
    ...(settings.description === undefined ? {} : { Description: settings.description }),
    ...(blueprint && Object.keys(blueprint.parameters).length > 0
      ? { Parameters: parametersOf(blueprint) }
      : {}),
    Capabilities: settings.capabilities as CFN.Capability[],
    DisableRollback: settings.disableRollback,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    NotificationARNs: settings.notificationArns,
    RollbackConfiguration: {},
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description === undefined ? {} : { Description: description }),
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
    ...(settings.roleArn === undefined ? {} : { RoleARN: settings.roleArn }),
    Tags: settings.tags,
    ...(gone ? {} : { EnableTerminationProtection: settings.terminationProtection }),
    ...(gone || settings.changeSetId === undefined ? {} : { ChangeSetId: settings.changeSetId }),
  };
}

/** As in a list of stacks, deleted ones among them. */
export const summarizedStack = (stack: Stack): CFN.StackSummary => {
  const { StackId, StackName, StackStatus, StackStatusReason, CreationTime, ...rest } = describedStack(stack);
  const { LastUpdatedTime, DeletionTime, Description: TemplateDescription, DriftInformation } = rest;
  return {
    StackId,
    StackName,
    StackStatus,
    StackStatusReason,
    CreationTime,
    LastUpdatedTime,
    DeletionTime,
    TemplateDescription,
    DriftInformation,
  };
};

/** A value that must not be echoed is shown as four asterisks. */
export const parametersOf = ({ parameters }: Blueprint): CFN.Parameter[] =>
  Object.entries(parameters).map(([ParameterKey, { text, resolved, hidden }]) => ({
    ParameterKey,
    ParameterValue: hidden ? '****' : text,
    ...(resolved === undefined ? {} : { ResolvedValue: resolved }),
  }));

export const summarizedResource = (resource: StackResource): CFN.StackResourceSummary => ({
  LogicalResourceId: resource.logicalId,
  ...(resource.id === '' ? {} : { PhysicalResourceId: resource.id }),
  ResourceType: resource.type,
  LastUpdatedTimestamp: new Date(resource.updated),
  ResourceStatus: resource.status,
  ...(resource.statusReason === undefined ? {} : { ResourceStatusReason: resource.statusReason }),
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});

export const describedResource = (stack: Stack, resource: StackResource): CFN.StackResourceDetail => {
  const { LastUpdatedTimestamp, ...summary } = summarizedResource(resource);
  return {
    StackName: stack.name,
    StackId: stack.id,
    ...summary,
    LastUpdatedTimestamp,
    ...(resource.metadata ? { Metadata: JSON.stringify(resource.metadata) } : {}),
  };
};
