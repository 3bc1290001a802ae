import { AwsError } from '../../errors.ts';

export const notFound = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, { status: 404, Type: 'User' });

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { status: 400, Type: 'User' });

/** `member` is where in the input the value is, `constraint` such as `less than or equal to 2`. */
export const outOfRange = (value: number, member: string, constraint: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${constraint}`,
    { status: 400, Type: 'User' },
  );

export const conflict = (message: string): AwsError =>
  new AwsError('ResourceConflictException', message, { status: 409, Type: 'User' });
