const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** What policies and rotations of secrets lean on; the same in every step. */
export const SECRET_GROUND = {
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 's' } },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
      },
    },
  },
  Rotator: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: 'exports.handler = async () => {}' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: arn('Role'),
    },
  },
  Leave: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Rotator' },
      Principal: 'secretsmanager.amazonaws.com',
    },
  },
};

const policy = (Action: string) => ({
  SecretId: { Ref: 'Secret' },
  ResourcePolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: arn('Role') }, Action, Resource: '*' }],
  },
});
const schedule = (AutomaticallyAfterDays: number) => ({
  SecretId: { Ref: 'Secret' },
  RotationLambdaARN: arn('Rotator'),
  RotationRules: { AutomaticallyAfterDays },
  RotateImmediatelyOnUpdate: false,
});

/** Type, what it is made of, and what it is changed to in place. */
export const SECRET_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::SecretsManager::Secret',
    { SecretString: 'a', Description: 'd', Tags: [{ Key: 'a', Value: 'b' }] },
    { GenerateSecretString: { SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password' } },
  ],
  [
    'AWS::SecretsManager::ResourcePolicy',
    policy('secretsmanager:GetSecretValue'),
    policy('secretsmanager:*'),
  ],
  ['AWS::SecretsManager::RotationSchedule', schedule(1), schedule(2)],
];
