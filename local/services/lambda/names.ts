import { AwsError } from '../../errors.ts';

/** A function as callers name it: `name`, `account:function:name`, a partial or full ARN, each perhaps with a qualifier. */
export interface Named {
  name: string;
  /** Version or alias. */
  qualifier?: string;
}

/** Throws where two qualifiers disagree. */
export function named(reference = '', qualifier?: string): Named {
  const match = REFERENCE.exec(reference);
  if (!match?.groups)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`,
    );
  const { name = '', inArn } = match.groups;
  if (inArn && qualifier && inArn !== qualifier)
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const both = qualifier ?? inArn;
  return both === undefined ? { name } : { name, qualifier: both };
}

/** A version number, not an alias. */
export const isVersion = (qualifier: string): boolean => qualifier === '$LATEST' || /^\d+$/.test(qualifier);

const REFERENCE =
  /^(?:arn:aws[a-z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?(?<name>[A-Za-z0-9_-]{1,64})(?::(?<inArn>\$LATEST|[A-Za-z0-9_-]+))?$/;

const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';
