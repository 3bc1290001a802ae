import { AwsError } from '../../errors.ts';

export const badRequest = (message: string) => new AwsError('BadRequestException', message);
export const notFound = (message: string) => new AwsError('NotFoundException', message);
export const conflict = (message: string) => new AwsError('ConflictException', message);
