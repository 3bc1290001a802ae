/** The values of a template's parameters: given, kept from the last time, default, or looked up in Parameter Store. */
import type { Parameter } from '@aws-sdk/client-cloudformation';
import { AwsError, notModelled } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { World } from '../world.ts';
import { replaced } from './dynamic-references.ts';
import { invalid, type Template, type TemplateParameter } from './template.ts';

export interface ParameterValue {
  /** As given; for a Parameter Store type the parameter's name. */
  text: string;
  /** What `Ref` gives: a text, or a list of texts for the list types. */
  value: string | string[];
  /** What a Parameter Store type was resolved to. @default not of such a type */
  resolved?: string;
  hidden: boolean;
}

export type ParameterValues = Record<string, ParameterValue>;

/** `before` are the values of the last deployment, for UsePreviousValue. */
export async function parameterValues(
  { Parameters: declared }: Template,
  given: Parameter[],
  before: ParameterValues,
  world: World,
  principal: Principal,
): Promise<ParameterValues> {
  const unknown = given.map(({ ParameterKey = '' }) => ParameterKey).filter((key) => !(key in declared));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);

  const texts = Object.entries(declared).map(([name, { Default }]) => {
    const its = given.find(({ ParameterKey }) => ParameterKey === name);
    const text = its?.UsePreviousValue ? before[name]?.text : its?.ParameterValue;
    return [name, text ?? (Default === undefined ? undefined : String(Default))] as const;
  });
  const missing = texts.filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);

  const values: ParameterValues = {};
  for (const [name, text] of texts)
    values[name] = await parameterValue(name, declared[name]!, text!, world, principal);
  return values;
}

async function parameterValue(
  name: string,
  declared: TemplateParameter,
  text: string,
  world: World,
  principal: Principal,
): Promise<ParameterValue> {
  checkConstraints(name, declared, text);
  const hidden = String(declared.NoEcho) === 'true';
  const stored = STORED.exec(declared.Type)?.[1];
  if (stored === undefined) return { text, value: shaped(declared.Type, text), hidden };
  const resolved = await storedParameter(text, world, principal);
  return { text, value: shaped(stored, resolved), resolved, hidden };
}

const STORED = /^AWS::SSM::Parameter::Value<(.*)>$/;

const shaped = (type: string, text: string): string | string[] => {
  if (type === 'CommaDelimitedList' || type.startsWith('List<'))
    return text.split(',').map((item) => item.trim());
  if (type === 'String' || type === 'Number' || type.startsWith('AWS::')) return text;
  throw invalid(`Template format error: Unrecognized parameter type: ${type}`);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
function checkConstraints(name: string, declared: TemplateParameter, text: string): void {
  const { Type, AllowedValues, AllowedPattern, ConstraintDescription } = declared;
  const { MinLength = 0, MaxLength = Infinity, MinValue = -Infinity, MaxValue = Infinity } = declared;
  const refuse = (constraint: string) =>
    invalid(
      `Parameter '${name}' ${ConstraintDescription ? `failed to satisfy constraint: ${ConstraintDescription}` : constraint}`,
    );

  for (const item of Type === 'CommaDelimitedList' ? text.split(',') : [text]) {
    if (AllowedValues && !AllowedValues.map(String).includes(item))
      throw refuse('must be one of AllowedValues');
    if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(item))
      throw refuse(`must match pattern ${AllowedPattern}`);
  }
  if (text.length < MinLength) throw refuse(`must contain at least ${MinLength} characters`);
  if (text.length > MaxLength) throw refuse(`must contain at most ${MaxLength} characters`);
  if (Type !== 'Number') return;
  if (text === '' || Number.isNaN(Number(text))) throw refuse('must be a number');
  if (Number(text) < MinValue) throw refuse(`must be a number not less than ${MinValue}`);
  if (Number(text) > MaxValue) throw refuse(`must be a number not greater than ${MaxValue}`);
}

async function storedParameter(name: string, world: World, principal: Principal): Promise<string> {
  const { Parameters = [] } = await world.call<{ Parameters?: { Value?: string }[] }>(
    principal,
    'ssm',
    'GetParameters',
    { Names: [name] },
  );
  const value = Parameters[0]?.Value;
  if (value === undefined)
    throw new AwsError(
      'ValidationError',
      `Unable to fetch parameters [${name}] from parameter store for this account.`,
    );
  return value;
}

/**
 * Every `{{resolve:ssm:NAME}}` in `value` replaced by what Parameter Store holds; secrets are left for later.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
 */
export const withDynamicReferences = <T>(value: T, world: World, principal: Principal): Promise<T> =>
  replaced(value, async (service, name, whole) => {
    if (service === 'secretsmanager') return undefined;
    if (service !== 'ssm') throw notModelled(`the dynamic reference ${whole}`);
    return storedParameter(name, world, principal);
  });
