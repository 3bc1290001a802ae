import { EXIT, OperateError } from './errors.ts';

/** Errors of AWS's clients, and any other, as one of ours or as their own name and message on one line. */
export function inWords(error: unknown): { line: string; exit: number } {
  if (error instanceof OperateError) return error;
  const {
    name = 'Error',
    message = String(error),
    code = '',
    $metadata: { httpStatusCode = 0 } = {},
  } = error as { name?: string; message?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  const [first = ''] = message.split('\n');
  if (OF_CREDENTIALS.has(name)) return new OperateError('NO_CREDENTIALS', first);
  if (message === 'Region is missing') return new OperateError('NO_REGION', message);
  const endpoint = process.env['AWS_ENDPOINT_URL'] || 'AWS';
  if (name === 'TimeoutError' || OF_THE_NETWORK.has(code))
    return new OperateError('UNREACHABLE', first || `${endpoint} does not answer`);
  if (['Unknown', 'SyntaxError'].includes(name) && httpStatusCode > 0)
    return new OperateError(
      'UNREACHABLE',
      `${endpoint} answers HTTP ${httpStatusCode}, and nothing that AWS says`,
    );
  return { line: `spillway: ${name}: ${first}`, exit: EXIT.failed };
}

/** There are none, they have expired, or they are nobody's. */
const OF_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

const OF_THE_NETWORK = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);
