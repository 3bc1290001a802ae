/** What policies say of a role or a user. */
import type { Directory, Entity, Role, User } from './entities.ts';

export function grantsOf(directory: Directory) {
  const { roles, users } = directory;
  const byArn = (arn: string): Role | User | undefined => {
    const name = arn.split('/').at(-1) ?? '';
    const found = arn.includes(':role/') ? roles.get(name) : users.get(name);
    return found?.arn === arn ? found : undefined;
  };
  const documentOf = (policy: string): string => {
    const { versions, defaultVersion } = directory.policy(policy);
    return versions.get(defaultVersion)!.document;
  };
  const documentsOf = ({ inline, attached }: Entity): string[] => [
    ...inline.values(),
    ...[...attached].map(documentOf),
  ];

  return {
    byArn,

    /** JSON texts of the inline and attached policies of a role, or of a user and his groups. */
    policiesOf(arn: string): string[] {
      const entity = byArn(arn);
      if (!entity) return [];
      const own = documentsOf(entity);
      if (!('groups' in entity)) return own;
      return [...own, ...[...entity.groups].flatMap((name) => documentsOf(directory.group(name)))];
    },

    /** JSON text of the permissions boundary of a role or a user. */
    boundaryOf(arn: string): string | undefined {
      const boundary = byArn(arn)?.boundary;
      return boundary === undefined ? undefined : documentOf(boundary);
    },
  };
}
