/** The tags of a role or a user. One set of operations serves both kinds. */
import { tagList, type Directory, type Role, type User } from './entities.ts';
import { page } from './pages.ts';

interface Input {
  RoleName?: string;
  UserName?: string;
  Tags?: { Key: string | undefined; Value: string | undefined }[];
  TagKeys?: string[];
  Marker?: string;
  MaxItems?: number;
}

export function tagOperations(kind: 'Role' | 'User', directory: Directory) {
  const of = ({ RoleName, UserName }: Input): Role | User =>
    kind === 'Role' ? directory.role(RoleName) : directory.user(UserName);
  return {
    [`Tag${kind}`](input: Input) {
      const { tags } = of(input);
      for (const { Key = '', Value = '' } of input.Tags ?? []) tags.set(Key, Value);
      return {};
    },
    [`Untag${kind}`](input: Input) {
      const { tags } = of(input);
      for (const key of input.TagKeys ?? []) tags.delete(key);
      return {};
    },
    [`List${kind}Tags`](input: Input) {
      const { items, ...rest } = page(tagList(of(input).tags), input);
      return { Tags: items, ...rest };
    },
  };
}
