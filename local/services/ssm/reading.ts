import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { sealed } from './secure.ts';
import { newest, type ParameterStore } from './store.ts';

export const reading = (store: ParameterStore) => {
  /** `name` or `name:version`, which comes back as `Selector`. */
  const selected = (text = ''): SSM.Parameter => {
    const [, name = text, selector] = text.startsWith('arn:') ? [] : (/^([^:]*):(.+)$/.exec(text) ?? []);
    const stored = store.parameter(name);
    if (selector === undefined) return store.described(stored.name, newest(stored));
    const version = stored.versions.find(({ version }) => String(version) === selector);
    if (!version)
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
      );
    return { ...store.described(stored.name, version), Selector: `:${selector}` };
  };

  return {
    GetParameter({ Name, WithDecryption }: SSM.GetParameterCommandInput) {
      return {
        Parameter: sealed(selected(Name), WithDecryption),
      } satisfies Answer<SSM.GetParameterCommandOutput>;
    },

    GetParameters({ Names = [], WithDecryption }: SSM.GetParametersCommandInput) {
      const found = Names.map((name) => {
        try {
          return { name, parameter: sealed(selected(name), WithDecryption) };
        } catch {
          return { name };
        }
      });
      return {
        Parameters: found.flatMap(({ parameter }) => parameter ?? []),
        InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
      } satisfies Answer<SSM.GetParametersCommandOutput>;
    },

    GetParameterHistory({ Name, WithDecryption }: SSM.GetParameterHistoryCommandInput) {
      const { name, versions } = store.parameter(Name);
      return {
        Parameters: versions.map((version) => ({
          ...sealed(store.described(name, version), WithDecryption),
          LastModifiedUser: version.by,
          Tier: 'Standard' as const,
          Policies: [],
          Labels: [],
        })),
      } satisfies Answer<SSM.GetParameterHistoryCommandOutput>;
    },
  };
};
