import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { newest, type ParameterStore, type Version } from './store.ts';

export const writing = (store: ParameterStore) => ({
  PutParameter(input: SSM.PutParameterCommandInput, { now, principal }: Call) {
    const { Name = '', Value = '', Overwrite = false } = input;
    const before = store.parameters.get(Name);
    refuseUnmodelled(input);
    if (before && !Overwrite)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    checkValue(Value, input.AllowedPattern);
    const latest = before && newest(before);
    const version: Version = {
      version: (latest?.version ?? 0) + 1,
      type: input.Type ?? latest?.type ?? 'String',
      value: Value,
      modified: now(),
      by: principal.arn,
    };
    const description = input.Description ?? latest?.description;
    if (description !== undefined) version.description = description;
    if (input.AllowedPattern !== undefined) version.allowedPattern = input.AllowedPattern;
    store.parameters.set(Name, {
      name: Name,
      versions: [...(before?.versions ?? []), version].slice(-MOST_VERSIONS),
      tags: before?.tags ?? input.Tags ?? [],
    });
    return { Version: version.version, Tier: 'Standard' } satisfies Answer<SSM.PutParameterCommandOutput>;
  },

  DeleteParameter({ Name }: SSM.DeleteParameterCommandInput) {
    store.parameters.delete(store.parameter(Name).name);
    return {} satisfies Answer<SSM.DeleteParameterCommandOutput>;
  },

  DeleteParameters({ Names = [] }: SSM.DeleteParametersCommandInput) {
    const known = Names.filter((name) => store.parameters.delete(name));
    return {
      DeletedParameters: known,
      InvalidParameters: Names.filter((name) => !known.includes(name)),
    } satisfies Answer<SSM.DeleteParametersCommandOutput>;
  },
});

function refuseUnmodelled({ KeyId, Tier, DataType = 'text', Policies }: SSM.PutParameterCommandInput): void {
  if (KeyId !== undefined && KeyId !== 'alias/aws/ssm')
    throw notModelled('SecureString parameters with a key of the customer');
  if (Tier === 'Advanced') throw notModelled('advanced parameters');
  if (DataType !== 'text') throw notModelled(`parameters of the data type ${DataType}`);
  if (Policies !== undefined && Policies !== '') throw notModelled('parameter policies');
}

function checkValue(value: string, pattern: string | undefined): void {
  if (!value)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.`,
    );
  if (Buffer.byteLength(value) > STANDARD_BYTES)
    throw new AwsError(
      'ValidationException',
      `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters.`,
    );
  if (pattern && !new RegExp(pattern).test(value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
}

/** Bytes of UTF-8 that a standard parameter may hold. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const STANDARD_BYTES = 4096;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MOST_VERSIONS = 100;
