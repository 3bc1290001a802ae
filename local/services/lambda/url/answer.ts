/** What clients of a function URL are answered. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
import { AwsError } from '../../../errors.ts';
import type { Outcome } from '../../../hosts/host.ts';
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { Refused } from '../../apigateway/execute/refused.ts';
import { answerOf } from '../../apigatewayv2/execute/lambda-proxy.ts';

const JSON_TYPE = 'application/json';

/** A text comes without its quotes; recorded against AWS (LocalStack's TestLambdaURL). */
export function answerOfFunction({ payload, failed }: Outcome): WireAnswer {
  if (failed) return broken();
  const output: unknown = JSON.parse(payload || 'null');
  if (typeof output === 'string') return { status: 200, headers: TYPE(), body: bytes(output) };
  try {
    return answerOf(payload, { mayInfer: true, contentType: JSON_TYPE });
  } catch (error) {
    if (error instanceof Refused) return broken();
    throw error;
  }
}

const TYPE = () => ({ 'content-type': JSON_TYPE });

/** Recorded against AWS: no JSON. */
export const broken = (): WireAnswer => ({
  status: 502,
  headers: TYPE(),
  body: bytes('Internal Server Error'),
});

/** Recorded against AWS in 2026, for whatever keeps a request out: https://github.com/awsdocs/aws-lambda-developer-guide/issues/494 */
export const forbidden = () =>
  new AwsError(
    'AccessDeniedException',
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    { status: 403 },
  );

/** Nobody has the address; recorded against AWS. */
export const nobody = () => refused('AccessDeniedException', 403, { Message: null });

/** Signatures are refused with a small letter. */
export const refusalOf = ({ code, message, status = 400 }: AwsError): WireAnswer =>
  refused(code, status, SIGNATURES.has(code) ? { message } : { Message: message });

const SIGNATURES = new Set([
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

const refused = (errorType: string, status: number, body: object): WireAnswer => ({
  status,
  headers: { ...TYPE(), 'x-amzn-errortype': errorType },
  body: bytes(JSON.stringify(body)),
});
