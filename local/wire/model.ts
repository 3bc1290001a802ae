/**
 * What the SDK's runtime schemas say of one API: its operations, its errors and its way of writing on the wire. No shape
 * is written by hand. A schema is an array: `[9, namespace, name, traits, input, output]` is an operation,
 * `[-3, namespace, name, traits, …]` an error.
 */
import { NormalizedSchema } from '@smithy/core/schema';

/** An API: what one SDK client talks to. */
export interface Model {
  /** The signing name, which is also the name of the file in `local/services/`. */
  service: string;
  protocol: 'json' | 'query' | 'rest-json' | 'rest-xml';
  /** Before the dot of `X-Amz-Target`. */
  target: string;
  /** Before the `#` of an error's `__type`. */
  namespace: string;
  /** The `Version` of a Query request. */
  version: string;
  /** Of the answer's root element. */
  xmlNamespace: string;
  /** Whether errors carry the code of the Query protocol that the service spoke before JSON. */
  queryCompatible: boolean;
  operations: Map<string, OperationModel>;
  /** By the shape's name, and by its Query code where that differs. */
  errors: Map<string, ErrorModel>;
}

export interface OperationModel {
  name: string;
  model: Model;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Method, path with labels, status of success. Absent for all but REST. */
  http?: { method: string; uri: string; status: number };
}

export interface ErrorModel {
  name: string;
  status: number;
  /** What Query clients know the error as: `AWS.SimpleQueueService.NonExistentQueue`. */
  queryCode: string;
  members: Map<string, NormalizedSchema>;
}

/** Reads the schemas that a client package exports. */
export function modelOf(service: string, client: object): Model {
  const { protocol, settings } = protocolOf(client);
  const model: Model = {
    service,
    protocol,
    target: settings.serviceTarget,
    namespace: settings.defaultNamespace,
    version: settings.version ?? '',
    xmlNamespace: settings.xmlNamespace ?? '',
    queryCompatible: settings.awsQueryCompatible ?? false,
    operations: new Map(),
    errors: new Map(),
  };
  for (const value of Object.values(client) as unknown[]) {
    if (!Array.isArray(value)) continue;
    if (value[0] === OPERATION) addOperation(model, value as OperationSchema);
    if (value[0] === ERROR) addError(model, value as ErrorSchema);
  }
  return model;
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const OPERATION = 9;
const ERROR = -3;

type OperationSchema = [9, string, string, { http?: [string, string, number] } | 0, SchemaRef, SchemaRef];
type ErrorSchema = [-3, string, string, ErrorTraits | 0, string[], SchemaRef[]];

interface ErrorTraits {
  error?: 'client' | 'server';
  httpError?: number;
  awsQueryError?: [string, number];
}

function addOperation(model: Model, [, , name, traits, input, output]: OperationSchema) {
  const http = traits === 0 ? undefined : traits.http;
  model.operations.set(name, {
    name,
    model,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    ...(http && { http: { method: http[0], uri: http[1], status: http[2] } }),
  });
}

function addError(model: Model, schema: ErrorSchema) {
  const [, , name, traits] = schema;
  const { error = 'client', httpError, awsQueryError } = traits === 0 ? {} : traits;
  const [queryCode, queryStatus] = awsQueryError ?? [name, undefined];
  const known: ErrorModel = {
    name,
    // JSON services answer 400 whatever their model says, unless they once spoke Query.
    status:
      ((model.protocol !== 'json' || model.queryCompatible) && (httpError ?? queryStatus)) ||
      (error === 'client' ? 400 : 500),
    queryCode,
    members: new Map(NormalizedSchema.of(schema as unknown as SchemaRef).structIterator()),
  };
  model.errors.set(name, known);
  if (!model.errors.has(queryCode)) model.errors.set(queryCode, known);
}

interface ProtocolSettings {
  serviceTarget: string;
  defaultNamespace: string;
  version?: string;
  xmlNamespace?: string;
  awsQueryCompatible?: boolean;
}

/** The protocol is no part of the schemas; a client that is built (not used) knows it. */
function protocolOf(client: object): { protocol: Model['protocol']; settings: ProtocolSettings } {
  const Client = Object.entries(client).find(
    ([name]) => name.endsWith('Client') && !name.startsWith('_'),
  )?.[1] as
    | (new (config: object) => {
        config: { protocol: { getShapeId(): string }; protocolSettings: ProtocolSettings };
      })
    | undefined;
  if (!Client) throw new Error('This package exports no SDK client.');
  const { config } = new Client({ region: 'us-east-1' });
  const shape = config.protocol.getShapeId();
  const protocol = PROTOCOLS[shape];
  if (!protocol) throw new Error(`The protocol ${shape} is not modelled.`);
  return { protocol, settings: config.protocolSettings };
}

const PROTOCOLS: Record<string, Model['protocol']> = {
  'aws.protocols#awsJson1_0': 'json',
  'aws.protocols#awsJson1_1': 'json',
  'aws.protocols#awsQuery': 'query',
  'aws.protocols#restJson1': 'rest-json',
  'aws.protocols#restXml': 'rest-xml',
};
