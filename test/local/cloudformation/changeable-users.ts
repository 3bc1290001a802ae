/** Users and groups, and what they lean on. */
import { GROUND } from './changeable.ts';

const policy = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

export const USER_GROUND = {
  Role: GROUND.Role,
  Ann: { Type: 'AWS::IAM::User', Properties: { UserName: 'ann' } },
  Bob: { Type: 'AWS::IAM::User' },
  Group: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } },
  Other: { Type: 'AWS::IAM::Group', Properties: { Path: '/other/' } },
  Limit: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy('sqs:*') } },
};

const [Ann, Bob, Group, Other, Limit] = ['Ann', 'Bob', 'Group', 'Other', 'Limit'].map((Ref) => ({ Ref }));
const inline = (PolicyName: string, Action: string) => ({ PolicyName, PolicyDocument: policy(Action) });

/** As in `changeable.ts`. */
export const USER_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::IAM::User',
    { Groups: [Group], Policies: [inline('a', 'sqs:*')], Tags: [{ Key: 'a', Value: 'b' }] },
    { Groups: [Other], ManagedPolicyArns: [Limit], PermissionsBoundary: Limit },
  ],
  [
    'AWS::IAM::Group',
    { GroupName: 'g', Policies: [inline('a', 'sqs:*')] },
    { GroupName: 'g', Policies: [inline('b', 'sns:*')], ManagedPolicyArns: [Limit] },
  ],
  ['AWS::IAM::AccessKey', { UserName: Ann, Status: 'Inactive' }, { UserName: Ann, Status: 'Active' }],
  [
    'AWS::IAM::UserToGroupAddition',
    { GroupName: Group, Users: [Ann] },
    { GroupName: Other, Users: [Ann, Bob] },
  ],
  [
    'AWS::IAM::Policy',
    { ...inline('p', 'sqs:*'), Users: [Ann], Groups: [Group] },
    { ...inline('p', 'sns:*'), Roles: [{ Ref: 'Role' }], Groups: [Other] },
  ],
  [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument: policy('sqs:*'), Users: [Ann], Groups: [Group] },
    { PolicyDocument: policy('sqs:*'), Users: [Bob], Roles: [{ Ref: 'Role' }] },
  ],
];
