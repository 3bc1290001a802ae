import type { Check } from './check.ts';

const HOLDS_DATA = ['AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::Events::Archive'];

/** A stack that is deleted, or a resource that is replaced, takes its messages and state along. F59, B75. */
export const productionKeepsData: Check = {
  name: 'production-keeps-data',
  proves:
    'In a stage that keeps data, queues, tables and archives are retained, and tables are protected and recoverable.',
  find: ({ template, pipelines }) => {
    if (!pipelines.some(({ keepsData }) => keepsData)) return [];
    const removable = HOLDS_DATA.flatMap((type) => template.ofType(type)).filter(
      ({ DeletionPolicy, UpdateReplacePolicy }) =>
        DeletionPolicy !== 'Retain' || UpdateReplacePolicy !== 'Retain',
    );
    const tables = template.ofType('AWS::DynamoDB::Table');
    return [
      ...removable.map(({ id }) => ({
        resource: id,
        at: 'DeletionPolicy',
        problem: 'it is deleted with the stack or when it is replaced, with what it holds',
        fix: 'Use RemovalPolicy.RETAIN.',
      })),
      ...tables
        .filter(({ Properties }) => Properties['DeletionProtectionEnabled'] !== true)
        .map(({ id }) => ({
          resource: id,
          at: 'Properties.DeletionProtectionEnabled',
          problem: 'it can be deleted by one call',
          fix: 'Set deletionProtection: true.',
        })),
      ...tables
        .filter(
          ({ Properties }) =>
            Properties['PointInTimeRecoverySpecification']?.PointInTimeRecoveryEnabled !== true,
        )
        .map(({ id }) => ({
          resource: id,
          at: 'Properties.PointInTimeRecoverySpecification',
          problem: 'what is overwritten by mistake cannot be recovered',
          fix: 'Set pointInTimeRecoveryEnabled: true.',
        })),
    ];
  },
};
