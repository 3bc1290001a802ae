/** The errors that many rooms of DynamoDB throw, in AWS's words. */
import { AwsError } from '../../errors.ts';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

export const invalidParameter = (message: string): AwsError =>
  invalid(`One or more parameter values were invalid: ${message}`);

/** What the data operations say of a table that is not there; the table operations name it. */
export const noSuchTable = (name?: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    name === undefined
      ? 'Requested resource not found'
      : `Requested resource not found: Table: ${name} not found`,
  );

export const keyMismatch = (): AwsError => invalid('The provided key element does not match the schema');

export const conditionFailed = (Item?: unknown): AwsError =>
  new AwsError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    Item === undefined ? {} : { Item },
  );
