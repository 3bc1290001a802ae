import type * as Lambda from '@aws-sdk/client-lambda';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { LambdaFunction, Policy } from './function.ts';
import { named } from './names.ts';
import { conflict, invalid, notFound } from './refusals.ts';
import type { Registry } from './registry.ts';

/** Who else may use a function: its resource policy, one for each qualifier. */
export function permissions({ world, resolved, functionOf }: Registry) {
  const target = (FunctionName: string | undefined, Qualifier: string | undefined) => {
    const { qualifier = '' } = named(FunctionName, Qualifier);
    const { fn, arn } = resolved(FunctionName, Qualifier);
    return { fn, qualifier, arn };
  };
  return {
    AddPermission(input: Lambda.AddPermissionCommandInput) {
      const { fn, qualifier, arn } = target(input.FunctionName, input.Qualifier);
      if (qualifier === '$LATEST') throw invalid('We currently do not support adding policies for $LATEST.');
      const policy = fn.policies.get(qualifier) ?? { revision: '', statements: [] };
      const { StatementId: Sid = '' } = input;
      if (policy.statements.some((one) => one.Sid === Sid))
        throw conflict(
          `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      const statement = statementOf(input, arn);
      policy.statements.push(statement);
      policy.revision = world.random.uuid();
      fn.policies.set(qualifier, policy);
      return { Statement: JSON.stringify(statement) } satisfies Answer<Lambda.AddPermissionCommandOutput>;
    },

    RemovePermission({ FunctionName, Qualifier, StatementId }: Lambda.RemovePermissionCommandInput) {
      const { fn, qualifier } = target(FunctionName, Qualifier);
      const { statements } = fn.policies.get(qualifier) ?? { statements: [] };
      const index = statements.findIndex(({ Sid }) => Sid === StatementId);
      if (index < 0) throw notFound(`Statement ${StatementId} is not found in resource policy.`);
      statements.splice(index, 1);
      return {} satisfies Answer<Lambda.RemovePermissionCommandOutput>;
    },

    GetPolicy({ FunctionName, Qualifier }: Lambda.GetPolicyCommandInput) {
      const { qualifier = '' } = named(FunctionName, Qualifier);
      const policy = existing(functionOf(FunctionName), qualifier);
      return {
        Policy: policyText(policy),
        RevisionId: policy.revision,
      } satisfies Answer<Lambda.GetPolicyCommandOutput>;
    },
  };
}

function existing(fn: LambdaFunction, qualifier: string): Policy {
  const policy = fn.policies.get(qualifier);
  if (!policy?.statements.length) throw notFound('The resource you requested does not exist.');
  return policy;
}

export const policyText = ({ statements }: Policy): string =>
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });

function statementOf(input: Lambda.AddPermissionCommandInput, Resource: string) {
  const { StatementId: Sid = '', Action, Principal = '', SourceArn, SourceAccount, PrincipalOrgID } = input;
  if (input.EventSourceToken) throw notModelled('permissions with an event source token');
  const { FunctionUrlAuthType, InvokedViaFunctionUrl } = input;
  if (FunctionUrlAuthType && Action !== 'lambda:InvokeFunctionUrl')
    throw invalid('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action');
  if (InvokedViaFunctionUrl && Action !== 'lambda:InvokeFunction')
    throw invalid('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action');
  const StringEquals = {
    ...(SourceAccount && { 'AWS:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
    ...(FunctionUrlAuthType && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
  };
  const Condition = {
    ...(Object.keys(StringEquals).length > 0 && { StringEquals }),
    ...(InvokedViaFunctionUrl && { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
    ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid,
    Effect: 'Allow',
    Principal: principal(Principal),
    Action,
    Resource,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

/** A service, an account (whose root it then is), an ARN, or everyone. */
function principal(named: string): unknown {
  if (named === '*') return '*';
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(named)) return { Service: named };
  if (/^\d{12}$/.test(named)) return { AWS: `arn:aws:iam::${named}:root` };
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:/.test(named)) return { AWS: named };
  throw invalid('The provided principal was invalid. Please check the principal and try again.');
}
