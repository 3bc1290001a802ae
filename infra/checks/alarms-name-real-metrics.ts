import { METRICS } from '../pipeline/metric-names.ts';
import type { Check } from './check.ts';
import type { Resource, Template } from './template.ts';

const KNOWN = Object.values(METRICS);

/**
 * An alarm on a misspelt metric, or on a rule of a custom bus by the `Ref` of the rule (which is `bus|name`), never
 * fires. F56. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export const alarmsNameRealMetrics: Check = {
  name: 'alarms-name-real-metrics',
  proves: 'Alarms spell metrics and dimensions as AWS does.',
  find: ({ template }) =>
    template
      .ofType('AWS::CloudWatch::Alarm')
      .flatMap((alarm) => [...misspelt(alarm), ...misnamedRule(alarm, template)]),
};

function misspelt({ id, Properties: { Namespace, MetricName } }: Resource) {
  const right = KNOWN.find(
    ({ namespace, metricName }) =>
      namespace === Namespace && metricName.toLowerCase() === String(MetricName).toLowerCase(),
  );
  if (!right || right.metricName === MetricName) return [];
  return [
    {
      resource: id,
      at: 'Properties.MetricName',
      problem: `${MetricName} does not exist in ${Namespace}`,
      fix: `Write ${right.metricName}.`,
    },
  ];
}

function misnamedRule({ id, Properties }: Resource, template: Template) {
  const dimensions: { Name: string; Value: unknown }[] = Properties['Dimensions'] ?? [];
  const rule = dimensions.find(({ Name }) => Name === 'RuleName')?.Value;
  const resource = template.referred(rule);
  if (resource?.Properties['EventBusName'] === undefined) return [];
  const finding = (problem: string, fix: string) => [
    { resource: id, at: 'Properties.Dimensions', problem, fix },
  ];
  if (typeof rule === 'object' && rule !== null && 'Ref' in rule) {
    return finding(
      `the Ref of ${resource.id} is \`bus|name\`, and its metrics are reported by its name`,
      'Use Fn::GetAtt RuleName: (rule.node.defaultChild as CfnRule).attrRuleName.',
    );
  }
  return dimensions.some(({ Name }) => Name === 'EventBusName')
    ? []
    : finding(
        `${resource.id} is a rule of a custom bus, whose metrics are reported under EventBusName and RuleName`,
        'Add the dimension EventBusName.',
      );
}
