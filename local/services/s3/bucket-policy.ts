/** What S3 takes as the policy of a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
import { policyOf, type Statement } from '../../policies/document.ts';
import { matches } from '../../policies/pattern.ts';
import { malformedPolicy } from './errors.ts';

/** Throws MalformedPolicy. */
export function checkBucketPolicy(bucket: string, text: string): void {
  for (const statement of statementsOf(text)) {
    const { resources, principals, actions } = statement;
    if (!resources) throw malformedPolicy('Statement is missing required element');
    if (!principals) throw malformedPolicy('Missing required field Principal');
    if (resources.patterns.some((pattern) => !isOf(bucket, pattern)))
      throw malformedPolicy('Policy has invalid resource');
    if (resources.not || actions.not) continue;
    const [ofObjects, ofBucket] = [
      resources.patterns.some(coversObjects),
      resources.patterns.some(coversBucket),
    ];
    const idle = actions.patterns.some(
      (action) => (OBJECT_ACTIONS.has(action) && !ofObjects) || (BUCKET_ACTIONS.has(action) && !ofBucket),
    );
    if (idle) throw malformedPolicy('Action does not apply to any resource(s) in statement');
  }
}

function statementsOf(text: string): Statement[] {
  if (!text.startsWith('{'))
    throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  try {
    return policyOf(text).statements;
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedPolicy(error.message);
    throw error;
  }
}

const ARN = 'arn:aws:s3:::';
const named = (pattern: string): string => pattern.slice(ARN.length);

const isOf = (bucket: string, pattern: string): boolean =>
  pattern === '*' || (pattern.startsWith(ARN) && matches(named(pattern).split('/')[0]!, bucket));

const coversObjects = (pattern: string): boolean => pattern.includes('/') || pattern.endsWith('*');
const coversBucket = (pattern: string): boolean => !pattern.includes('/');

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const actions = (names: string): Set<string> => new Set(names.split(' ').map((name) => `s3:${name}`));

const OBJECT_ACTIONS = actions(
  'AbortMultipartUpload DeleteObject DeleteObjectTagging DeleteObjectVersion GetObject GetObjectAcl GetObjectAttributes GetObjectTagging GetObjectVersion ListMultipartUploadParts PutObject PutObjectAcl PutObjectTagging RestoreObject',
);
const BUCKET_ACTIONS = actions(
  'DeleteBucket GetBucketAcl GetBucketLocation GetBucketNotification GetBucketPolicy GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions PutBucketNotification PutBucketPolicy PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration',
);
