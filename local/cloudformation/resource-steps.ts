/** One resource comes about, changes or goes, and the stack's events tell of it. */
import { AwsError } from '../errors.ts';
import type { World } from '../world.ts';
import { conforming } from './conform.ts';
import { withSecrets } from './dynamic-references.ts';
import { isGone } from './gone.ts';
import { typeNamed, type Resource, type ResourceTypes } from './resource-types.ts';
import { siteOf } from './site.ts';
import { resourceBecomes, type Stack, type StackResource } from './stack.ts';
import { same, textOf, type Dictionary } from './values.ts';

/** What every step needs. */
export interface Workshop {
  world: World;
  types: ResourceTypes;
}

/** Why a resource could not be made, changed or deleted. */
export class ResourceFailure extends Error {}

/** `cancelled` tells whether another resource has failed meanwhile. */
export async function createResource(
  stack: Stack,
  resource: StackResource,
  { world, types }: Workshop,
  cancelled: () => boolean,
  replaced?: StackResource,
): Promise<void> {
  const [progress, complete, failed] = replaced
    ? (['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED'] as const)
    : (['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_FAILED'] as const);
  const tell = (status: Parameters<typeof resourceBecomes>[2], reason?: string) =>
    resourceBecomes(stack, resource, status, world, reason);

  if (replaced) {
    resource.id = replaced.id;
    tell(progress, 'Requested update requires the creation of a new physical resource; hence creating one.');
    resource.id = '';
  } else tell(progress);
  try {
    const site = {
      ...siteOf(stack, resource.logicalId, resource.type, world),
      made: (unfinished: Resource) => become(resource, unfinished),
    };
    const type = typeNamed(types, resource.type)!;
    if (replaced) refuseSecondBearer(type.name, resource, replaced);
    const properties = await withSecrets(resource.properties, site);
    const made = await type.create(conforming(resource.type, resource.logicalId, properties), site);
    become(resource, made);
  } catch (error) {
    if (error instanceof AwsError && typeof error.members['PhysicalResourceId'] === 'string')
      resource.id = error.members['PhysicalResourceId'];
    tell(failed, reasonOf(error, resource));
    throw new ResourceFailure(resource.logicalId);
  }
  tell(progress, 'Resource creation Initiated');
  if (!cancelled()) return tell(complete);
  tell(failed, replaced ? 'Resource update cancelled' : 'Resource creation cancelled');
  throw new ResourceFailure(resource.logicalId);
}

/** Changes a resource in place. `resource` has the new properties, and takes over what came of it. */
export async function updateResource(
  stack: Stack,
  resource: StackResource,
  before: StackResource,
  workshop: Workshop,
): Promise<void> {
  const { world } = workshop;
  resourceBecomes(stack, resource, 'UPDATE_IN_PROGRESS', world);
  try {
    if (!same(resource.properties, before.properties)) await change(stack, resource, before, workshop);
  } catch (error) {
    resourceBecomes(stack, resource, 'UPDATE_FAILED', world, reasonOf(error, resource));
    throw new ResourceFailure(resource.logicalId);
  }
  resourceBecomes(stack, resource, 'UPDATE_COMPLETE', world);
}

/** How far an update came that failed nobody knows: what a rollback cannot undo of it is taken not to have been done. */
async function change(
  stack: Stack,
  resource: StackResource,
  before: StackResource,
  { world, types }: Workshop,
): Promise<void> {
  const { type, logicalId } = resource;
  const site = siteOf(stack, logicalId, type, world);
  const { id, attributes } = before;
  const properties = conforming(type, logicalId, await withSecrets(resource.properties, site));
  const changeFrom = async (previous: Dictionary) =>
    typeNamed(types, type)!.update!(
      { id, attributes },
      properties,
      site,
      conforming(type, logicalId, previous),
    );
  const made = changeFrom(before.properties).catch((error: unknown) => {
    if (stack.status !== 'UPDATE_ROLLBACK_IN_PROGRESS' || before.status !== 'UPDATE_FAILED') throw error;
    return changeFrom(resource.properties);
  });
  become(resource, await made);
}

/** `keep`: its policy says that it outlives the stack's care. */
export async function deleteResource(
  stack: Stack,
  resource: StackResource,
  { world, types }: Workshop,
  keep: boolean,
): Promise<void> {
  if (keep) return resourceBecomes(stack, resource, 'DELETE_SKIPPED', world);
  resourceBecomes(stack, resource, 'DELETE_IN_PROGRESS', world);
  try {
    const { id, attributes, properties, logicalId, type } = resource;
    if (id !== '')
      await typeNamed(types, type)!.delete(
        { id, attributes },
        siteOf(stack, logicalId, type, world),
        properties,
      );
  } catch (error) {
    if (!isGone(error)) {
      resourceBecomes(stack, resource, 'DELETE_FAILED', world, reasonOf(error, resource));
      throw new ResourceFailure(resource.logicalId);
    }
  }
  resourceBecomes(stack, resource, 'DELETE_COMPLETE', world);
}

function become(resource: StackResource, { id, attributes = {} }: Resource): void {
  resource.id = id;
  resource.attributes = attributes;
}

/** Two resources cannot bear the same name while the old one still stands. */
function refuseSecondBearer(
  property: string | undefined,
  resource: StackResource,
  replaced: StackResource,
): void {
  const name = property === undefined ? undefined : resource.properties[property];
  if (name !== undefined && name === replaced.properties[property!])
    throw new AwsError(
      'ValidationError',
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${textOf(name)} and update the stack again.`,
    );
}

/** A service's refusal in the form in which CloudFormation passes it on. */
function reasonOf(error: unknown, { type }: StackResource): string {
  if (!(error instanceof AwsError)) return `Internal Failure: ${String(error)}`;
  if (UNWRAPPED.has(error.code) || /^Custom::|^AWS::CloudFormation::/.test(type)) return error.message;
  const service = type.split('::')[1] ?? type;
  return `Resource handler returned message: "${error.message} (Service: ${service}, Status Code: ${error.status ?? 400})" (HandlerErrorCode: ${handlerErrorCode(error.code)})`;
}

const UNWRAPPED = new Set(['InvalidRequest', 'ValidationError']);

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html */
const handlerErrorCode = (code: string): string => {
  if (/AlreadyExists|AlreadyOwned|QueueNameExists|ResourceConflict|ResourceInUse|^Conflict/.test(code))
    return 'AlreadyExists';
  if (/AccessDenied|NotAuthorized/.test(code)) return 'AccessDenied';
  if (/NotFound|DoesNotExist|NoSuch/.test(code)) return 'NotFound';
  if (/Validation|Invalid|Malformed|BadRequest/.test(code)) return 'InvalidRequest';
  return 'GeneralServiceException';
};
