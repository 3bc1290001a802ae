/** The errors of CloudWatch. */
import { AwsError } from '../../errors.ts';

export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);
export const invalidCombination = (message: string) =>
  new AwsError('InvalidParameterCombinationException', message);
export const missing = (message: string) => new AwsError('MissingRequiredParameterException', message);
export const validation = (message: string) => new AwsError('ValidationError', message);
export const notFound = () => new AwsError('ResourceNotFound', '', { status: 404 });

/** `1 validation error detected: Value 'x' at 'stateValue' failed to satisfy constraint: …` */
export function refuseOther(at: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw validation(
      `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
    );
}

export const STATES = ['INSUFFICIENT_DATA', 'ALARM', 'OK'] as const;
