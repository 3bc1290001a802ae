/** S3's errors. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { AwsError } from '../../errors.ts';

const refusal = (status: number, code: string, message: string, members: object = {}) =>
  new AwsError(code, message, { status, ...members });

export const noSuchBucket = (BucketName: string) =>
  refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName });
export const noSuchKey = (Key: string) =>
  refusal(404, 'NoSuchKey', 'The specified key does not exist.', { Key });
export const noSuchVersion = (VersionId: string) =>
  refusal(404, 'NoSuchVersion', 'The specified version does not exist.', { VersionId });
/** HEAD answers have no body, so all that is left is the status. */
export const notFound = () => refusal(404, 'NotFound', 'Not Found');
export const methodNotAllowed = () =>
  refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
export const bucketAlreadyOwnedByYou = (BucketName: string) =>
  refusal(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName },
  );
export const bucketNotEmpty = (BucketName: string) =>
  refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName });
export const invalidBucketName = (BucketName: string) =>
  refusal(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName });
export const badDigest = (algorithm: string) =>
  refusal(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
export const preconditionFailed = (Condition: string) =>
  refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition,
  });
export const notModified = () => refusal(304, 'NotModified', 'Not Modified');
export const noSuchSetting = (code: string, message: string) => refusal(404, code, message);
