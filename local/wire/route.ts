/** Finds out which operation of which service a request is for, and in which protocol it speaks. */
import { AwsError, notModelled } from '../errors.ts';
import type { Call } from '../service.ts';
import { bucketOf } from './bucket.ts';
import { text, type WireRequest } from './message.ts';
import type { Model, OperationModel } from './model.ts';
import type { Models } from './models.ts';
import { matcher, type Match } from './paths.ts';

export interface Route {
  operation: OperationModel;
  protocol: Exclude<Call['protocol'], 'internal'>;
  query: URLSearchParams;
  /** Values out of the path (and the bucket), of REST requests. */
  labels: Record<string, string>;
}

/** Throws by name what is not there. */
export async function routeOf(request: WireRequest, models: Models): Promise<Route> {
  const { path, query } = split(request.path);
  const signer = signingName(request, query);
  const service = signer ?? (isGreeting(request) ? 's3' : undefined);
  const candidates = service === undefined ? await models.all() : await models.signedAs(service);
  if (candidates.length === 0) throw notModelled(`the service ${signer}`);
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return byTarget(target, candidates, query);
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return byCborPath(path, candidates, query);
  const form = isForm(request) ? new URLSearchParams(text(request.body)) : query;
  if (form.has('Action')) return byAction(form, candidates);
  return byPath(request, path, query, candidates);
}

function split(raw: string): { path: string; query: URLSearchParams } {
  const mark = raw.indexOf('?');
  return mark < 0
    ? { path: raw, query: new URLSearchParams() }
    : { path: raw.slice(0, mark), query: new URLSearchParams(raw.slice(mark + 1)) };
}

/** Who asks whether anybody is there need not wait until every service is loaded: the root is S3's. */
const isGreeting = ({ method, path }: WireRequest) => path === '/' && (method === 'GET' || method === 'HEAD');

/** `Credential=AKID/20300101/eu-west-1/sqs/aws4_request`, in a header or a presigned query. */
function signingName({ headers }: WireRequest, query: URLSearchParams): string | undefined {
  const scope = headers.authorization
    ? /Credential=[^/]+\/\d+\/[^/]*\/([^/]+)\/aws4_request/.exec(headers.authorization)?.[1]
    : query.get('X-Amz-Credential')?.split('/')[3];
  return scope;
}

const isForm = ({ headers, method }: WireRequest) =>
  method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

function byTarget(target: string, candidates: Model[], query: URLSearchParams): Route {
  const [prefix, name = ''] = target.split('.', 2);
  const model = candidates.find((candidate) => candidate.target === prefix);
  if (!model) throw notModelled(`the target ${target}`);
  return { operation: operationOf(model, name), protocol: 'json', query, labels: {} };
}

function byCborPath(path: string, candidates: Model[], query: URLSearchParams): Route {
  const [, prefix, name = ''] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path) ?? [];
  const model = candidates.find((candidate) => candidate.target === prefix);
  if (!model) throw notModelled(`the path ${path}`);
  return { operation: operationOf(model, name), protocol: 'cbor', query, labels: {} };
}

function byAction(form: URLSearchParams, candidates: Model[]): Route {
  const name = form.get('Action')!;
  const version = form.get('Version');
  const having = candidates.filter(({ operations }) => operations.has(name));
  const model = having.find((candidate) => candidate.version === version) ?? having[0];
  if (!model)
    throw new AwsError('InvalidAction', `The action ${name} is not valid for this endpoint.`, {
      status: 400,
    });
  return { operation: operationOf(model, name), protocol: 'query', query: form, labels: {} };
}

function byPath(request: WireRequest, path: string, query: URLSearchParams, candidates: Model[]): Route {
  for (const model of candidates.filter(({ protocol }) => protocol === 'rest-json')) {
    const match = matched(model, request, path, query);
    if (match) return { ...match, protocol: 'rest-json', query };
  }
  const { bucket, path: inBucket } = bucketOf(request, path);
  for (const model of candidates.filter(({ protocol }) => protocol === 'rest-xml')) {
    const match = matched(model, request, inBucket, query, bucket !== undefined);
    const labels = { ...match?.labels, ...(bucket !== undefined && { Bucket: bucket }) };
    if (match) return { operation: match.operation, protocol: 'rest-xml', query, labels };
  }
  throw notModelled(`${request.method} ${path}`);
}

const matchers = new WeakMap<Model, ReturnType<typeof matcher>>();

/** `inBucket` keeps operations that take a bucket apart from those that take none. */
function matched(
  model: Model,
  request: WireRequest,
  path: string,
  query: URLSearchParams,
  inBucket?: boolean,
): Match | undefined {
  let match = matchers.get(model);
  if (!match) matchers.set(model, (match = matcher(model)));
  return match(request.method, path, query, request.headers, inBucket);
}

function operationOf(model: Model, name: string): OperationModel {
  const operation = model.operations.get(name);
  if (!operation)
    throw new AwsError(
      'UnknownOperationException',
      `The operation ${name} is not in the API of ${model.service}.`,
    );
  return operation;
}
