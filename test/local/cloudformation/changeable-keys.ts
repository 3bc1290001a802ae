const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** What aliases lean on; the same in every step. */
export const KEY_GROUND = {
  First: { Type: 'AWS::KMS::Key' },
  Second: { Type: 'AWS::KMS::Key' },
};

const policy = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action,
      Resource: '*',
      Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
    },
  ],
});

/** Type, what it is made of, and what it is changed to in place. */
export const KEY_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::KMS::Key',
    {
      KeyPolicy: policy('kms:*'),
      EnableKeyRotation: true,
      Enabled: false,
      Description: 'd',
      Tags: [{ Key: 'a', Value: 'b' }],
    },
    { KeyPolicy: policy('kms:*', 'kms:Decrypt'), RotationPeriodInDays: 90, PendingWindowInDays: 7 },
  ],
  [
    'AWS::KMS::Alias',
    { AliasName: 'alias/it', TargetKeyId: { Ref: 'First' } },
    { AliasName: 'alias/it', TargetKeyId: arn('Second') },
  ],
];
