/** Filters of log groups, and what they lean on. */
import { GROUND } from './changeable.ts';

export const LOG_GROUND = {
  Role: GROUND.Role,
  Function: GROUND.Function,
  Group: { Type: 'AWS::Logs::LogGroup' },
  LogsMayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Function' },
      Principal: 'logs.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': ['Group', 'Arn'] },
    },
  },
};

const metric = (FilterPattern: string, more: object) => ({
  LogGroupName: { Ref: 'Group' },
  FilterPattern,
  MetricTransformations: [{ MetricName: 'm', MetricNamespace: 'n', MetricValue: '1', ...more }],
});
const subscription = (FilterPattern: string) => ({
  LogGroupName: { Ref: 'Group' },
  DestinationArn: { 'Fn::GetAtt': ['Function', 'Arn'] },
  FilterPattern,
});

/** As in `changeable.ts`. */
export const LOG_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::Logs::MetricFilter',
    metric('ERROR', { DefaultValue: 0, Unit: 'Count' }),
    metric('{ $.a = * }', { Dimensions: [{ Key: 'A', Value: '$.a' }] }),
  ],
  ['AWS::Logs::SubscriptionFilter', subscription(''), subscription('ERROR')],
];
