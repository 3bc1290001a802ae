/** A stack as it stands: its resources, its outputs and everything that happened to it. */
import type { ResourceStatus, StackEvent, StackStatus, Tag } from '@aws-sdk/client-cloudformation';
import type { Durability } from '../durability/index.ts';
import type { Shelf } from '../durability/shelf.ts';
import type { Principal } from '../principal.ts';
import type { World } from '../world.ts';
import type { Blueprint } from './blueprint.ts';
import type { ChangeSet } from './change-set.ts';
import type { Policy } from './template.ts';
import type { Dictionary } from './values.ts';

export interface Stack {
  id: string;
  name: string;
  status: StackStatus;
  statusReason?: string;
  created: number;
  /** @default never updated */
  updated?: number;
  deleted?: number;
  /** What it was last deployed from. @default nothing was deployed yet */
  blueprint?: Blueprint;
  resources: Map<string, StackResource>;
  outputs: StackOutput[];
  /** Names of what it imports from other stacks. */
  imports: Set<string>;
  /** What the running or failed deployment did so far, in order: what a rollback undoes. */
  journal: Step[];
  /** Oldest first. */
  events: StackEvent[];
  changeSets: Map<string, ChangeSet>;
  settings: StackSettings;
  /** What a rollback of the running or last update brings back. @default never updated */
  settingsBefore?: StackSettings;
  /** Whom it acts as: its role, or whoever deployed. */
  principal: Principal;
  clientRequestToken?: string;
  /** Resolves when the running operation is over. */
  settled: Promise<void>;
}

export interface StackSettings {
  description?: string;
  roleArn?: string;
  capabilities: string[];
  notificationArns: string[];
  tags: Tag[];
  terminationProtection: boolean;
  disableRollback: boolean;
  changeSetId?: string;
}

export interface StackOutput {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
}

export interface StackResource {
  logicalId: string;
  type: string;
  /** Physical id; empty while unknown. */
  id: string;
  attributes: Dictionary;
  /** As the template gave them, every function worked out. */
  properties: Dictionary;
  metadata?: Dictionary;
  dependsOn: string[];
  deletionPolicy: Policy;
  updateReplacePolicy: Policy;
  status: ResourceStatus;
  statusReason?: string;
  updated: number;
}

/** `before` is missing for a resource that is new, and has another physical id than `after` for one that was replaced. */
export interface Step {
  logicalId: string;
  before?: StackResource;
  after?: StackResource;
}

export function stackBecomes(stack: Stack, status: StackStatus, world: World, reason?: string): void {
  stack.status = status;
  delete stack.statusReason;
  if (reason !== undefined) stack.statusReason = reason;
  tell(stack, world, {
    EventId: world.random.uuid(),
    LogicalResourceId: stack.name,
    PhysicalResourceId: stack.id,
    ResourceType: 'AWS::CloudFormation::Stack',
    ResourceStatus: status as ResourceStatus,
    ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
  });
}

export function resourceBecomes(
  stack: Stack,
  resource: StackResource,
  status: ResourceStatus,
  world: World,
  reason?: string,
): void {
  resource.status = status;
  resource.updated = world.clock.now();
  delete resource.statusReason;
  if (reason !== undefined) resource.statusReason = reason;
  tell(stack, world, {
    EventId: `${resource.logicalId}-${status}-${moment(stack, world).toISOString()}`,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.id,
    ResourceType: resource.type,
    ResourceStatus: status,
    ResourceProperties: JSON.stringify(resource.properties),
    ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
  });
}

/** By number: there are many, and none changes. */
export const eventsKeptOf = (durable: Durability, stackId: string): Shelf<StackEvent> =>
  durable.shelf(`cloudformation/events/${stackId}`);

/** No two events of a stack at the same moment: whoever sorts them by time gets them in order. */
const moment = ({ events }: Stack, { clock }: World): Date =>
  new Date(Math.max(clock.now(), (events.at(-1)?.Timestamp?.getTime() ?? 0) + 1));

function tell(
  stack: Stack,
  world: World,
  event: Omit<StackEvent, 'StackId' | 'StackName' | 'Timestamp'>,
): void {
  const told: StackEvent = {
    StackId: stack.id,
    StackName: stack.name,
    Timestamp: moment(stack, world),
    ...(stack.clientRequestToken === undefined ? {} : { ClientRequestToken: stack.clientRequestToken }),
    ...event,
  };
  stack.events.push(told);
  if (world.durable) {
    eventsKeptOf(world.durable, stack.id).put(String(stack.events.length), told);
    world.durable.changed('cloudformation');
  }
  world.activity.tell({
    kind: 'stack',
    stack: stack.name,
    resource: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    ...(event.ResourceStatusReason === undefined ? {} : { reason: event.ResourceStatusReason }),
  });
}
