import { AwsError } from '../../errors.ts';

export const notFound = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, { status: 404, Type: 'User' });

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { status: 400, Type: 'User' });

export const conflict = (message: string): AwsError =>
  new AwsError('ResourceConflictException', message, { status: 409, Type: 'User' });
