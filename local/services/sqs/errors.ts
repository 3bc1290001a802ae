import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

/** SQS sends these two though its model declares neither; their legacy codes lack the last word. */
export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);

/** `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: …` */
export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (parameter: string) =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = ({ protocol }: Pick<Call, 'protocol'>) =>
  new AwsError(
    'QueueDoesNotExist',
    `The specified queue does not exist${protocol === 'query' ? ' for this wsdl version' : ''}.`,
  );
