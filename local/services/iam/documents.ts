/** Policy documents as IAM takes them in: checked when they are put, given back URL-encoded. */
import { AwsError } from '../../errors.ts';
import { policyOf } from '../../policies/document.ts';

/** Throws MalformedPolicyDocument. */
export function checkPolicy(document = '') {
  for (const statement of parsed(document).statements) {
    if (statement.principals) throw malformed('Policy document should not specify a principal.');
    if (!statement.resources) throw malformed('Policy statement must contain resources.');
    const unprefixed = statement.actions.patterns.find((action) => action !== '*' && !action.includes(':'));
    if (unprefixed !== undefined)
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    const bare = statement.resources.patterns.find((one) => one !== '*' && !one.startsWith('arn:'));
    if (bare !== undefined) throw malformed(`Resource ${bare} must be in ARN format or "*".`);
  }
}

/** A role's trust policy names principals and no resources. Throws MalformedPolicyDocument. */
export function checkTrust(document = '') {
  for (const statement of parsed(document).statements) {
    if (statement.resources) throw malformed('Has prohibited field Resource');
    if (!statement.principals) throw malformed('Missing required field Principal');
  }
}

/** White space does not count. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function checkSize(documents: Iterable<string>, longest: number, message: string): void {
  const size = [...documents].reduce((sum, document) => sum + document.replaceAll(/\s/g, '').length, 0);
  if (size > longest) throw new AwsError('LimitExceededException', message, { status: 409 });
}

function parsed(document: string) {
  try {
    return policyOf(document);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(error.message);
    throw error;
  }
}

const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message);

/** RFC 3986, as IAM returns documents. */
export const encoded = (document: string): string =>
  encodeURIComponent(document).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
