import { createHash } from 'node:crypto';
import type * as Lambda from '@aws-sdk/client-lambda';
import { unzipSync } from 'fflate';
import { AwsError, notModelled } from '../../errors.ts';
import type { Code } from '../../hosts/host.ts';
import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalid } from './refusals.ts';

/** Gets a function's code: inline, or from S3 as the caller. Throws as Lambda does when it cannot. */
export async function codeFrom(source: Lambda.FunctionCode, world: World, call: Call): Promise<Code> {
  if (source.ImageUri) throw notModelled('functions of container images');
  const zip = source.ZipFile ?? (await zipFromS3(source, world, call));
  try {
    unzipSync(zip, { filter: () => false });
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  return { zip, sha256: createHash('sha256').update(zip).digest('hex'), layers: [] };
}

async function zipFromS3(
  { S3Bucket, S3Key, S3ObjectVersion }: Lambda.FunctionCode,
  world: World,
  call: Call,
): Promise<Uint8Array> {
  if (!S3Bucket || !S3Key) throw invalid('Please provide a source for function code.');
  try {
    const { Body } = await world.call<{ Body: Uint8Array }>(call.principal, 's3', 'GetObject', {
      Bucket: S3Bucket,
      Key: S3Key,
      ...(S3ObjectVersion ? { VersionId: S3ObjectVersion } : {}),
    });
    return Body;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

/** The zip file's hash as Lambda shows it. */
export const base64Hash = ({ sha256 }: Code): string => Buffer.from(sha256, 'hex').toString('base64');
