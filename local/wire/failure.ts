/** What an error looks like to each protocol. */
import { AwsError } from '../errors.ts';
import { jsonShapes } from './json.ts';
import { bytes, EMPTY, type WireAnswer } from './message.ts';
import type { ErrorModel, Model } from './model.ts';
import { element, escaped, xmlDocument } from './xml-text.ts';

/** An error with all that a protocol may want to say of it. */
export interface Refusal {
  code: string;
  queryCode: string;
  message: string;
  status: number;
  /** Whose fault: below 500 the sender's. */
  fault: 'Sender' | 'Receiver';
  members: Record<string, unknown>;
  shape: ErrorModel | undefined;
  model: Model | undefined;
  requestId: string;
}

/** Anything that is no AwsError is a fault of ours: 500 InternalFailure. */
export function refusalOf(error: unknown, model: Model | undefined, requestId: string): Refusal {
  if (!(error instanceof AwsError)) {
    const message = error instanceof Error ? error.message : String(error);
    return refusalOf(new AwsError('InternalFailure', message, { status: 500 }), model, requestId);
  }
  const shape = model?.errors.get(error.code);
  const status = error.status ?? shape?.status ?? STATUSES[error.code] ?? 400;
  return {
    code: shape?.name ?? error.code,
    queryCode: shape?.queryCode ?? UNDECLARED[error.code] ?? error.code,
    message: error.message,
    status,
    fault: status < 500 ? 'Sender' : 'Receiver',
    members: error.members,
    shape,
    model,
    requestId,
  };
}

/** Of errors common to all services, which models do not declare. https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html */
const STATUSES: Record<string, number> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  IncompleteSignature: 400,
  InvalidClientTokenId: 403,
  MissingAuthenticationToken: 403,
  SignatureDoesNotMatch: 403,
  RequestExpired: 400,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

/** SQS sends two shapes that its model does not declare; this is what Query clients know them as. */
const UNDECLARED: Record<string, string> = {
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
};

export function jsonFailure(refusal: Refusal, contentType: string): WireAnswer {
  const { code, queryCode, fault, status, model, shape } = refusal;
  // JSON 1.0 services name the shape with its namespace, JSON 1.1 services without.
  const type = contentType.endsWith('1.0')
    ? `${shape || code in UNDECLARED ? model!.namespace : 'com.amazon.coral.service'}#${code}`
    : code;
  return {
    status,
    headers: {
      'content-type': contentType,
      ...(model?.queryCompatible && { 'x-amzn-query-error': `${queryCode};${fault}` }),
    },
    body: bytes(JSON.stringify({ __type: type, ...errorMembers(refusal) })),
  };
}

export function restJsonFailure(refusal: Refusal): WireAnswer {
  const fault = refusal.fault === 'Sender' ? 'User' : 'Service';
  const type = refusal.shape?.members.has('Type') && { Type: fault };
  return {
    status: refusal.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': refusal.code },
    body: bytes(JSON.stringify({ ...type, ...errorMembers(refusal) })),
  };
}

export function queryFailure({ queryCode, message, fault, status, model, requestId }: Refusal): WireAnswer {
  const error =
    element('Type', fault) + element('Code', escaped(queryCode)) + element('Message', escaped(message));
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: xmlDocument(
      'ErrorResponse',
      model?.xmlNamespace ?? '',
      element('Error', error) + element('RequestId', requestId),
    ),
  };
}

/** S3 answers a HEAD with no body; the status must do. */
export function s3Failure({ code, message, members, status, requestId }: Refusal, head: boolean): WireAnswer {
  const all: Record<string, unknown> = { Code: code, Message: message, ...members, RequestId: requestId };
  const inner = Object.entries(all)
    .map(([name, value]) => element(name, escaped(String(value))))
    .join('');
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: head ? EMPTY : xmlDocument('Error', '', inner),
  };
}

const shapes = jsonShapes(true);

/** The message under the name that the shape gives it, and what else the shape has. */
function errorMembers({ message, members, shape }: Refusal): Record<string, unknown> {
  const out: Record<string, unknown> = { [shape?.members.has('Message') ? 'Message' : 'message']: message };
  for (const [name, value] of Object.entries(members)) {
    const member = shape?.members.get(name);
    const write = member && shapes.write(member);
    out[name] = write ? write(value) : value;
  }
  return out;
}
