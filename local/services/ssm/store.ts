import type { Parameter, ParameterType, Tag } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';

export interface Stored {
  name: string;
  /** Oldest first; never empty. */
  versions: Version[];
  tags: Tag[];
}

export interface Version {
  version: number;
  type: ParameterType;
  value: string;
  modified: number;
  by: string;
  description?: string;
  allowedPattern?: string;
}

export type ParameterStore = ReturnType<typeof parameterStore>;

export function parameterStore({ account, region, durable }: World) {
  const parameters = new Map<string, Stored>();
  durable?.map('ssm/parameters', parameters);
  const arn = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;

  return {
    parameters,
    arn,
    /** By name or ARN. Throws ParameterNotFound for one that nobody put. */
    parameter(nameOrArn = ''): Stored {
      const found =
        parameters.get(nameOrArn) ?? [...parameters.values()].find(({ name }) => arn(name) === nameOrArn);
      if (!found) throw new AwsError('ParameterNotFound', `Parameter ${nameOrArn} not found.`);
      return found;
    },
    described: (name: string, { version, type, value, modified }: Version): Parameter => ({
      Name: name,
      Type: type,
      Value: value,
      Version: version,
      ARN: arn(name),
      DataType: 'text',
      LastModifiedDate: new Date(modified),
    }),
  };
}

export const newest = ({ versions }: Stored): Version => versions.at(-1)!;
