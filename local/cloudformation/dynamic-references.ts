/** `{{resolve:SERVICE:REFERENCE}}`. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
import { AwsError } from '../errors.ts';
import { jsonMap } from '../json-map.ts';
import type { Site } from './resource-types.ts';
import { invalid } from './template.ts';
import { textOf } from './values.ts';

/** Every reference in `value` replaced by what `resolve` makes of it, where it makes anything of it. */
export async function replaced<T>(
  value: T,
  resolve: (service: string, reference: string, whole: string) => Promise<string | undefined>,
): Promise<T> {
  const text = JSON.stringify(value) ?? '';
  const found = new Map<string, string>();
  for (const [whole, service = '', reference = ''] of text.matchAll(DYNAMIC_REFERENCE)) {
    const resolved = found.has(whole) ? undefined : await resolve(service, reference, whole);
    if (resolved !== undefined) found.set(whole, resolved);
  }
  if (found.size === 0) return value;
  return JSON.parse(
    text.replace(DYNAMIC_REFERENCE, (whole) => JSON.stringify(found.get(whole) ?? whole).slice(1, -1)),
  ) as T;
}

const DYNAMIC_REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/**
 * Properties with the values of the secrets that they refer to, for the call that makes or changes the resource. Nothing
 * else ever has them: a stack keeps the reference, shows it in its events and outputs, and gives it to custom resources.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export async function withSecrets<T>(properties: T, site: Site): Promise<T> {
  if (/^Custom::|^AWS::CloudFormation::/.test(site.type)) return properties;
  return replaced(properties, async (service, reference, whole) =>
    service === 'secretsmanager' ? secretValue(reference, whole, site) : undefined,
  );
}

/** `ID:SecretString:KEY:STAGE:VERSION`, of which everything but the id may be missing. */
const REFERENCE = /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/;

async function secretValue(reference: string, whole: string, site: Site): Promise<string> {
  const [matched, SecretId, part, key, VersionStage, VersionId] = REFERENCE.exec(reference) ?? [];
  if (matched === undefined || (part && part !== 'SecretString'))
    throw invalid(`Incorrect format is used in the following reference: [${whole}]`);
  const { SecretString } = await readAs(site, {
    SecretId,
    ...(VersionStage && { VersionStage }),
    ...(VersionId && { VersionId }),
  });
  if (SecretString === undefined) throw invalid(`The secret of ${whole} has no SecretString.`);
  if (!key) return SecretString;
  const map = jsonMap(SecretString);
  if (!map) throw invalid('Could not parse SecretString JSON');
  // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1822
  if (!Object.hasOwn(map, key))
    throw invalid('Could not find a value associated with JSONKey in SecretString');
  return textOf(map[key]);
}

async function readAs(site: Site, input: object): Promise<{ SecretString?: string }> {
  try {
    return await site.call('secretsmanager', 'GetSecretValue', input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1187
    throw invalid(
      `${error.message} (Service: AWSSecretsManager; Status Code: ${error.status ?? 400}; Error Code: ${error.code}; Request ID: ${site.world.random.uuid()}; Proxy: null)`,
    );
  }
}
