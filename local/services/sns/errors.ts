import { AwsError } from '../../errors.ts';

/** SNS begins nearly all of its refusals the same way. */
export const invalid = (what: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);

/** Of message attributes. */
export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const notFound = (what: 'Topic' | 'Subscription' | 'Resource') =>
  new AwsError('NotFoundException', `${what} does not exist`);

/** SNS looks at an ARN before it looks for what it names. */
export function checkArn(parameter: string, arn: string | undefined): asserts arn is string {
  if (!arn) throw invalid(`${parameter} Reason: no value for required parameter`);
  const elements = arn.split(':').length;
  if (elements < 6)
    throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${elements}`);
}
