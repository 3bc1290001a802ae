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
/** Seen on AWS: https://github.com/gaul/s3proxy/issues/304, https://github.com/versity/versitygw/issues/610 */
export const noCopyRange = (ArgumentValue: string) =>
  refusal(
    400,
    'InvalidArgument',
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    { ArgumentName: 'x-amz-copy-source-range', ArgumentValue },
  );
export const copyRangeBehindEnd = (size: number, ArgumentValue: string) =>
  refusal(400, 'InvalidArgument', `Range specified is not valid for source object of size: ${size}`, {
    ArgumentName: 'x-amz-copy-source-range',
    ArgumentValue,
  });
export const copiedToItself = () =>
  refusal(
    400,
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
export const invalidRange = () => refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
export const noSuchUpload = (UploadId: string) =>
  refusal(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId },
  );
export const invalidPart = (PartNumber: number, UploadId: string) =>
  refusal(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { PartNumber, UploadId },
  );
export const invalidPartOrder = (UploadId: string) =>
  refusal(
    400,
    'InvalidPartOrder',
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    { UploadId },
  );
export const entityTooSmall = (PartNumber: number, ProposedSize: number) =>
  refusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    PartNumber,
    ProposedSize,
    MinSizeAllowed: 5 * 1024 * 1024,
  });
export const ambiguous = () =>
  refusal(
    400,
    'InvalidArgument',
    'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
  );
export const malformedPolicy = (message: string) => refusal(400, 'MalformedPolicy', message);
export const notModified = () => refusal(304, 'NotModified', 'Not Modified');
export const noSuchSetting = (code: string, message: string) => refusal(404, code, message);
