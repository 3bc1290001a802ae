/** AWS Security Token Service: who somebody is, and temporary credentials. */
import type * as STS from '@aws-sdk/client-sts';
import { AwsError, notModelled } from '../errors.ts';
import { administrator, type UserPrincipal } from '../principal.ts';
import type { Answer, Call, Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { issuer, type Signer } from './sts/issued.ts';

declare module '../world.ts' {
  interface Services {
    sts: Sts;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-sts')],
  start: sts,
} satisfies ServiceModule;

type Sts = ReturnType<typeof sts>;

/** Seconds. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, API_GetSessionToken.html */
const SHORTEST = 900;
const ROLE_DEFAULT = 3600;
const LONGEST_CHAINED = 3600;
const SESSION_DEFAULT = 43_200;
const FUNCTION_DEFAULT = 43_200;

function sts(world: World) {
  const issued = issuer(world);
  const owner: Signer = { secretAccessKey: 'test', principal: administrator(world.account) };

  return {
    operations: operations(world, issued),

    resources: (operation: string, { RoleArn }: { RoleArn?: string }) =>
      operation === 'AssumeRole' && RoleArn !== undefined ? [RoleArn] : ['*'],

    /** A role's trust policy is the resource policy of taking it on. */
    resourcePolicy: (arn: string) => world.service('iam').role(arn)?.trust,

    /** Temporary credentials of a role, as AWS gives them to its own functions: nobody's permission is asked. */
    credentials: (roleArn: string, sessionName: string) =>
      issued.issue(world.service('iam').roleSession(roleArn, sessionName), FUNCTION_DEFAULT),

    /** Whose key this is: the account's owner, a user, or a session. */
    signer(accessKeyId: string): Signer | undefined {
      if (accessKeyId === 'test') return owner;
      const temporary = issued.find(accessKeyId);
      if (temporary) return temporary;
      const found = world.service('iam').userOfKey(accessKeyId);
      if (!found) return undefined;
      const { user, key } = found;
      const principal: UserPrincipal = {
        kind: 'user',
        account: world.account,
        arn: user.arn,
        userId: user.id,
      };
      return { secretAccessKey: key.secret, principal };
    },
  } satisfies Service & Record<string, unknown>;
}

function operations(world: World, { issue }: ReturnType<typeof issuer>) {
  return {
    AssumeRole(input: STS.AssumeRoleCommandInput, { principal }: Call) {
      const { RoleArn = '', RoleSessionName = '', DurationSeconds = ROLE_DEFAULT } = input;
      if (input.Policy !== undefined || input.PolicyArns?.length)
        throw notModelled('session policies of AssumeRole');
      if (input.Tags?.length) throw notModelled('session tags of AssumeRole');
      if (input.SerialNumber !== undefined) throw notModelled('a second factor in AssumeRole');
      checkSession(RoleSessionName, DurationSeconds);
      if (principal.kind === 'role' && DurationSeconds > LONGEST_CHAINED)
        throw invalid(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        );
      const longest = world.service('iam').role(RoleArn)?.maxSessionSeconds ?? SESSION_DEFAULT;
      if (DurationSeconds > longest)
        throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
      const session = world.service('iam').roleSession(RoleArn, RoleSessionName);
      return {
        Credentials: issue(session, DurationSeconds),
        AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
      } satisfies Answer<STS.AssumeRoleCommandOutput>;
    },

    GetCallerIdentity(_input: STS.GetCallerIdentityCommandInput, { principal, account }: Call) {
      const UserId = principal.kind === 'service' ? principal.service : principal.userId;
      return {
        UserId,
        Account: account,
        Arn: principal.arn,
      } satisfies Answer<STS.GetCallerIdentityCommandOutput>;
    },

    GetSessionToken(
      { DurationSeconds = SESSION_DEFAULT }: STS.GetSessionTokenCommandInput,
      { principal }: Call,
    ) {
      if (principal.kind === 'role')
        throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
          status: 403,
        });
      return {
        Credentials: issue(principal, DurationSeconds),
      } satisfies Answer<STS.GetSessionTokenCommandOutput>;
    },

    GetAccessKeyInfo(_input: STS.GetAccessKeyInfoCommandInput, { account }: Call) {
      return { Account: account } satisfies Answer<STS.GetAccessKeyInfoCommandOutput>;
    },
  };
}

function checkSession(name: string, seconds: number) {
  if (!/^[\w+=,.@-]{2,64}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  if (seconds < SHORTEST)
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${SHORTEST}`,
    );
}

const invalid = (message: string) => new AwsError('ValidationError', message);
