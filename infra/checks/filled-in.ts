import { referredId, type Template } from './template.ts';

/**
 * A value of a template as long as it will be deployed. What CloudFormation fills in is of typical length: a region of 12
 * characters, a stack name of 8, the resource named after both and its logical id, a queue by its URL. A function that is
 * not understood, such as `Fn::ImportValue`, counts as nothing, so the whole is rather shorter than it will be.
 */
export function filledIn(value: unknown, template: Template): unknown {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, template));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0 || !/^(?:Ref|Fn::\w+)$/.test(name))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, template)]));
  if (name === 'Fn::Join') {
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map((part) => filledIn(part, template)).join(delimiter);
  }
  return referredTo(value, template);
}

function referredTo(value: object, template: Template): string {
  const id = referredId(value);
  if (id === undefined) return '';
  if (id.startsWith('AWS::')) return PSEUDO[id] ?? '';
  const name = `${STACK}-${id}-123456789012`.slice(0, LONGEST_NAME);
  const attribute = 'Fn::GetAtt' in value ? String([value['Fn::GetAtt']].flat().at(-1)) : '';
  if (attribute.endsWith('Arn')) return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  const isUrl = 'Ref' in value && template.referred(value)?.Type === 'AWS::SQS::Queue';
  return isUrl ? `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}` : name;
}

const STACK = 'my-stack';
const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackName': STACK,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** CloudFormation shortens the names that it makes to what a queue may have. */
const LONGEST_NAME = 80;
