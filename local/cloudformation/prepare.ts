/** From a request to a blueprint: fetches the template, and checks whatever can be checked before anything is made. */
import type { Capability, Parameter, RollbackConfiguration, Tag } from '@aws-sdk/client-cloudformation';
import { AwsError, notModelled } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { World } from '../world.ts';
import { blueprint, type Blueprint } from './blueprint.ts';
import { surroundingsOf, type Engine } from './engine.ts';
import { typeNamed } from './resource-types.ts';
import type { Stack, StackSettings } from './stack.ts';
import { invalid, LONGEST_INLINE_TEMPLATE, LONGEST_TEMPLATE, malformed, type Template } from './template.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface Request {
  TemplateBody?: string;
  TemplateURL?: string;
  UsePreviousTemplate?: boolean;
  Parameters?: Parameter[];
  Tags?: Tag[];
  Capabilities?: Capability[];
  RoleARN?: string;
  NotificationARNs?: string[];
  RollbackConfiguration?: RollbackConfiguration;
}

/** Members of these requests that would change what a deployment does. */
const NOT_MODELLED = [
  'RetainExceptOnCreate',
  'StackPolicyBody',
  'StackPolicyURL',
  'StackPolicyDuringUpdateBody',
  'StackPolicyDuringUpdateURL',
  'TimeoutInMinutes',
];

/** Throws NotImplemented. */
export function refuseUnmodelled(request: object): void {
  const found = NOT_MODELLED.find((member) => (request as Record<string, unknown>)[member]);
  if (found !== undefined) throw notModelled(`${found} of a stack`);
}

/** Fetched as the caller, as AWS does. */
export async function templateText(
  { TemplateBody, TemplateURL, UsePreviousTemplate }: Request,
  stack: Stack | undefined,
  world: World,
  principal: Principal,
): Promise<string> {
  if (UsePreviousTemplate && stack?.blueprint) return stack.blueprint.text;
  if (TemplateBody !== undefined) {
    if (Buffer.byteLength(TemplateBody) > LONGEST_INLINE_TEMPLATE)
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_INLINE_TEMPLATE}`,
      );
    return TemplateBody;
  }
  if (TemplateURL === undefined) throw invalid('Either Template URL or Template Body must be specified.');
  const { Body } = await world.call<{ Body: Uint8Array }>(
    principal,
    's3',
    'GetObject',
    bucketAndKey(TemplateURL),
  );
  if (Body.byteLength > LONGEST_TEMPLATE)
    throw invalid(`Template may not exceed ${LONGEST_TEMPLATE} bytes in size.`);
  return Buffer.from(Body).toString('utf8');
}

/** Path style or virtual-hosted style. */
function bucketAndKey(url: string): { Bucket: string; Key: string } {
  if (!URL.canParse(url))
    throw invalid('S3 error: Domain name specified in TemplateURL is not a valid S3 domain');
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname).slice(1);
  const virtual = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  if (virtual !== undefined) return { Bucket: virtual, Key: path };
  const [Bucket = '', ...key] = path.split('/');
  return { Bucket, Key: key.join('/') };
}

/** A stack keeps its role until it is given another. */
export const settingsFrom = (request: Request, stack: Stack | undefined): StackSettings => {
  refuseUnmodelled(request);
  if (request.RollbackConfiguration?.RollbackTriggers?.length)
    throw notModelled('alarms that roll a stack back');
  if (request.NotificationARNs?.length) throw notModelled('topics that are told of a stack');
  const before = stack?.settings;
  const roleArn = request.RoleARN ?? before?.roleArn;
  return {
    capabilities: request.Capabilities ?? [],
    notificationArns: request.NotificationARNs ?? before?.notificationArns ?? [],
    tags: request.Tags ?? before?.tags ?? [],
    terminationProtection: before?.terminationProtection ?? false,
    disableRollback: before?.disableRollback ?? false,
    ...(roleArn === undefined ? {} : { roleArn }),
  };
};

/** Whom a stack acts as. */
export const actingFor = (roleArn: string | undefined, caller: Principal, world: World): Principal =>
  roleArn === undefined ? caller : world.service('iam').roleSession(roleArn, 'AWSCloudFormation');

export async function prepared(
  stack: Stack,
  text: string,
  settings: StackSettings,
  parameters: Parameter[],
  caller: Principal,
  engine: Engine,
): Promise<Blueprint> {
  const previous = stack.blueprint?.parameters ?? {};
  const made = await blueprint(
    { text, parameters, previous, tags: settings.tags },
    surroundingsOf(stack, engine),
    engine.world,
    caller,
  );
  checkTypes(made, stack, engine);
  checkCapabilities(made.template, settings.capabilities);
  if (made.template.Description !== undefined) settings.description = made.template.Description;
  return made;
}

/** Only of what will be made: CDK's bootstrap template names types behind conditions that never hold here. */
function checkTypes({ template, dependencies }: Blueprint, stack: Stack, { types }: Engine): void {
  const included = [...dependencies.keys()].map((name) => [name, template.Resources[name]!.Type] as const);
  const unknown = [...new Set(included.map(([, type]) => type))].filter((type) => !typeNamed(types, type));
  if (unknown.length > 0) throw malformed(`Unrecognized resource types: [${unknown.join(', ')}]`);
  const other = included.filter(([name, type]) => (stack.resources.get(name)?.type ?? type) !== type);
  if (other.length > 0)
    throw invalid(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${other.map(([name]) => name).join(', ')}]`,
    );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#using-iam-capabilities */
export function neededCapabilities({ Resources }: Template): { capabilities: Capability[]; reason?: string } {
  const identities = Object.entries(Resources).filter(([, { Type }]) => CAPABLE.has(Type));
  if (identities.length === 0) return { capabilities: [] };
  const named = identities.some(([, { Properties = {} }]) => NAMES.some((name) => name in Properties));
  return {
    capabilities: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    reason: `The following resource(s) require capabilities: [${[...new Set(identities.map(([, { Type }]) => Type))].join(', ')}]`,
  };
}

function checkCapabilities(template: Template, given: string[]): void {
  const { capabilities } = neededCapabilities(template);
  const missing = capabilities.filter(
    (needed) =>
      !given.includes(needed) && !(needed === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (missing.length > 0)
    throw new AwsError(
      'InsufficientCapabilitiesException',
      `Requires capabilities : [${missing.join(', ')}]`,
    );
}

const CAPABLE = new Set([
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::User',
  'AWS::IAM::Group',
]);
const NAMES = ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName'];
