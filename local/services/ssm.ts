/** AWS Systems Manager Parameter Store, as far as CDK and service discovery need it. */
import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError } from '../errors.ts';
import type { Answer, Call, Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';

declare module '../world.ts' {
  interface Services {
    ssm: ParameterStore;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-ssm')],
  start: parameterStore,
} satisfies ServiceModule;

type ParameterStore = ReturnType<typeof parameterStore>;

interface Stored {
  Name: string;
  Type: SSM.ParameterType;
  Value: string;
  Version: number;
  modified: number;
}

function parameterStore({ account, region }: World) {
  const parameters = new Map<string, Stored>();

  /** Throws ParameterNotFound for a name that nobody put. */
  const stored = (name = ''): Stored => {
    const found = parameters.get(name);
    if (!found) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
    return found;
  };
  const arn = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
  const described = ({ modified, ...parameter }: Stored): SSM.Parameter => ({
    ...parameter,
    ARN: arn(parameter.Name),
    DataType: 'text',
    LastModifiedDate: new Date(modified),
  });

  const operations = {
    PutParameter(
      { Name = '', Value = '', Type = 'String', Overwrite = false }: SSM.PutParameterCommandInput,
      { now }: Call,
    ) {
      const before = parameters.get(Name);
      if (before && !Overwrite)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      if (!Value)
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.`,
        );
      if (Buffer.byteLength(Value) > STANDARD_BYTES)
        throw new AwsError(
          'ValidationException',
          `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters.`,
        );
      const Version = (before?.Version ?? 0) + 1;
      parameters.set(Name, { Name, Type, Value, Version, modified: now() });
      return { Version, Tier: 'Standard' } satisfies Answer<SSM.PutParameterCommandOutput>;
    },

    GetParameter({ Name }: SSM.GetParameterCommandInput) {
      return { Parameter: described(stored(Name)) } satisfies Answer<SSM.GetParameterCommandOutput>;
    },

    GetParameters({ Names = [] }: SSM.GetParametersCommandInput) {
      const known = Names.filter((name) => parameters.has(name));
      return {
        Parameters: known.map((name) => described(stored(name))),
        InvalidParameters: Names.filter((name) => !parameters.has(name)),
      } satisfies Answer<SSM.GetParametersCommandOutput>;
    },

    DeleteParameter({ Name }: SSM.DeleteParameterCommandInput) {
      parameters.delete(stored(Name).Name);
      return {} satisfies Answer<SSM.DeleteParameterCommandOutput>;
    },
  };

  return {
    operations,
    resources: (_operation: string, { Name, Names }: { Name?: string; Names?: string[] }) =>
      (Names ?? [Name ?? '*']).map(arn),
  } satisfies Service;
}

/** Bytes of UTF-8 that a standard parameter may hold. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const STANDARD_BYTES = 4096;
