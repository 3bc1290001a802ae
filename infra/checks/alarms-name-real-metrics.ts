import { METRICS } from '../pipeline/metric-names.ts';
import type { Check } from './check.ts';
import { same, type Resource, type Template } from './template.ts';

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
  const name = dimensions.find(({ Name }) => Name === 'RuleName')?.Value;
  const rule = template.referred(name) ?? template.referred(splitFrom(name));
  if (rule?.Properties['EventBusName'] === undefined) return [];
  const finding = (problem: string, fix: string) => [
    { resource: id, at: 'Properties.Dimensions', problem, fix },
  ];
  if (same(name, { Ref: rule.id })) {
    return finding(
      `the Ref of ${rule.id} is \`bus|name\`, and its metrics are reported by its name`,
      "Use the part after the bar: Fn.select(1, Fn.split('|', rule.ruleName)).",
    );
  }
  return dimensions.some(({ Name }) => Name === 'EventBusName')
    ? []
    : finding(
        `${rule.id} is a rule of a custom bus, whose metrics are reported under EventBusName and RuleName`,
        'Add the dimension EventBusName.',
      );
}

/** What a part is taken from. */
const splitFrom = (value: unknown): unknown =>
  (value as Selected | undefined)?.['Fn::Select']?.[1]['Fn::Split']?.[1];

interface Selected {
  'Fn::Select'?: [number, { 'Fn::Split'?: [string, unknown] }];
}
