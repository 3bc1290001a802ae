/**
 * A client of AWS that costs little, so that servers are measured and not clients: the JSON protocol, signed, over
 * connections that stay open. All contestants are asked by it.
 */
import { createHmac, hash } from 'node:crypto';
import { Agent, request, type IncomingMessage } from 'node:http';

// oxlint-disable-next-line typescript/no-explicit-any -- each operation has its own answer
export type Call = (service: keyof typeof APIS, operation: string, input: object) => Promise<any>;

/** Rejects with the body of an answer that is no success. */
export function caller(endpoint: string): Call {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const { hostname, port, host } = new URL(endpoint);
  return (service, operation, input) => {
    const { target, version } = APIS[service];
    const body = JSON.stringify(input);
    const headers = signed(service, body, {
      'content-type': `application/x-amz-json-${version}`,
      host,
      'x-amz-date': `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
      'x-amz-target': `${target}.${operation}`,
    });
    return new Promise((resolve, reject) => {
      const sent = request({ method: 'POST', hostname, port, path: '/', agent, headers }, (answer) => {
        textOf(answer).then((text) => {
          if (answer.statusCode === 200) resolve(text === '' ? {} : JSON.parse(text));
          else reject(new Error(`${operation}: ${answer.statusCode} ${text}`));
        }, reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
}

const APIS = {
  sqs: { target: 'AmazonSQS', version: '1.0' },
  events: { target: 'AWSEvents', version: '1.1' },
};

const textOf = (answer: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => (text += chunk));
    answer.on('end', () => resolve(text));
    answer.on('error', reject);
  });

/** With a signature of version 4 over all `headers`, which are in the order of their names. */
function signed(service: string, body: string, headers: Record<string, string>): Record<string, string> {
  const time = headers['x-amz-date']!;
  const scope = `${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, hash('sha256', body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, hash('sha256', canonical)].join('\n');
  const signature = createHmac('sha256', keyOf(scope)).update(toSign).digest('hex');
  return {
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const keys = new Map<string, Buffer>();

function keyOf(scope: string): Buffer {
  let key = keys.get(scope);
  if (!key) {
    key = Buffer.from('AWS4test');
    for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
    keys.set(scope, key);
  }
  return key;
}
