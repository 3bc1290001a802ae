import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { sealed } from './secure.ts';
import { newest, type ParameterStore, type Stored } from './store.ts';

export const listing = (store: ParameterStore) => {
  const sorted = () => [...store.parameters.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

  return {
    GetParametersByPath(input: SSM.GetParametersByPathCommandInput) {
      const { Path = '', Recursive = false, ParameterFilters = [], MaxResults = 10, NextToken } = input;
      const { WithDecryption } = input;
      if (!Path.startsWith('/'))
        throw new AwsError(
          'ValidationException',
          'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
        );
      const folder = Path.endsWith('/') ? Path : `${Path}/`;
      const below = sorted().filter(
        ({ name }) => name.startsWith(folder) && (Recursive || !name.slice(folder.length).includes('/')),
      );
      const wanted = below.filter((stored) => ParameterFilters.every((filter) => matches(stored, filter)));
      const { items, next } = page(wanted, MaxResults, NextToken);
      return {
        Parameters: items.map((stored) =>
          sealed(store.described(stored.name, newest(stored)), WithDecryption),
        ),
        ...next,
      } satisfies Answer<SSM.GetParametersByPathCommandOutput>;
    },

    DescribeParameters(input: SSM.DescribeParametersCommandInput) {
      const { ParameterFilters = [], Filters, MaxResults = 50, NextToken } = input;
      if (Filters?.length) throw notModelled('the old Filters of DescribeParameters');
      const wanted = sorted().filter((stored) => ParameterFilters.every((filter) => matches(stored, filter)));
      const { items, next } = page(wanted, MaxResults, NextToken);
      const Parameters = items.map((stored): SSM.ParameterMetadata => {
        const { Value: _value, ...metadata } = store.described(stored.name, newest(stored));
        const { by, description, allowedPattern } = newest(stored);
        return {
          ...metadata,
          LastModifiedUser: by,
          Tier: 'Standard',
          Policies: [],
          ...(description === undefined ? {} : { Description: description }),
          ...(allowedPattern === undefined ? {} : { AllowedPattern: allowedPattern }),
        };
      });
      return { Parameters, ...next } satisfies Answer<SSM.DescribeParametersCommandOutput>;
    },
  };
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
function matches(
  { name, versions, tags }: Stored,
  { Key = '', Option = 'Equals', Values = [] }: SSM.ParameterStringFilter,
): boolean {
  const value = Key.startsWith('tag:')
    ? tags.find((tag) => tag.Key === Key.slice('tag:'.length))?.Value
    : { Name: name, Type: versions.at(-1)!.type, Path: name }[Key];
  if (!['Name', 'Type', 'Path'].includes(Key) && !Key.startsWith('tag:'))
    throw notModelled(`the parameter filter ${Key}`);
  const holds: Record<string, (wanted: string, text: string) => boolean> = {
    Equals: (wanted, text) => text === wanted,
    BeginsWith: (wanted, text) => text.startsWith(wanted),
    Contains: (wanted, text) => text.includes(wanted),
    Recursive: below,
    OneLevel: (folder, text) => below(folder, text) && !text.slice(folder.length + 1).includes('/'),
  };
  const test = holds[Option];
  if (!test) throw notModelled(`the parameter filter option ${Option}`);
  return value !== undefined && (Values.length === 0 || Values.some((wanted) => test(wanted, value)));
}

const below = (folder: string, text: string) => text.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

function page<Item>(
  all: Item[],
  size: number,
  token: string | undefined,
): { items: Item[]; next: { NextToken?: string } } {
  const from = Number(token ?? 0);
  return {
    items: all.slice(from, from + size),
    next: from + size < all.length ? { NextToken: String(from + size) } : {},
  };
}
