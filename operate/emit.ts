import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { catalogue } from '../functions/contracts/index.ts';
import type { Contract } from '../functions/runtime/contract.ts';
import { nearest } from '../functions/runtime/contract/catalogue.ts';
import type { CloudEvent, MintOptions } from '../functions/runtime/contract/cloudevent.ts';
import { Fault } from '../functions/runtime/errors.ts';
import { parseStrictly } from '../functions/runtime/ingest/strict-json.ts';
import { publish, send } from '../functions/runtime/publish.ts';
import type { Aws } from './aws.ts';
import type { Discovered } from './discovery.ts';
import { OperateError } from './errors.ts';

/** Mints a message of a contract and sends it. Throws BAD_INPUT, with every fault, before anything is looked up or sent. */
export async function emit(
  aws: Aws,
  discovered: () => Promise<Discovered>,
  contract: Contract,
  data: unknown,
  id?: string,
): Promise<CloudEvent> {
  const message = minted(contract, data, id === undefined ? {} : { id });
  const { bus, commands } = await discovered();
  if (contract.kind === 'command') {
    const queues = Object.fromEntries(
      Object.entries(commands).map(([type, { queueUrl }]) => [type, queueUrl]),
    );
    await send([message], { queues, sqs: aws(SQSClient) });
  } else await publish([message], { bus, eventbridge: aws(EventBridgeClient) });
  return message;
}

function minted(contract: Contract, data: unknown, options: MintOptions): CloudEvent {
  if (typeof contract !== 'function')
    throw new OperateError('BAD_COMMAND', `${contract.type} is said by others only`);
  try {
    return (contract as unknown as (data: unknown, options: MintOptions) => CloudEvent)(data, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const faults = error.faults?.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new OperateError('BAD_INPUT', `${error.code}: ${faults ?? error.message}`);
  }
}

/** The contract of a type. Throws BAD_COMMAND with the names that come nearest. */
export function contractOf(type: string): Contract {
  const found = catalogue.find((contract) => contract.type === type);
  if (found) return found;
  const types = catalogue.map((contract) => contract.type);
  throw new OperateError('BAD_COMMAND', `There is no contract ${type}${nearest(type, types)}`);
}

export interface Given {
  /** JSON text. @default none */
  data?: string | undefined;
  /** A path, or `-` for standard input. @default none */
  file?: string | undefined;
  /** `path=value` pairs on top of the rest; a value that is JSON is taken as such, any other as text. @default none */
  set?: string[] | undefined;
}

/** Puts the data of a message together from what was given. Throws BAD_OPTION, BAD_INPUT, FILE_MISSING. */
export async function dataOf({ data, file, set = [] }: Given): Promise<unknown> {
  if (data !== undefined && file !== undefined)
    throw new OperateError('BAD_OPTION', 'Give --data or --file, not both');
  const given =
    data ?? (file === undefined ? '{}' : file === '-' ? await text(process.stdin) : await contents(file));
  const whole = parsed(given, file ?? '--data');
  for (const pair of set) assign(whole, pair);
  return whole;
}

const contents = (file: string) =>
  readFile(file, 'utf8').catch(() => {
    throw new OperateError('FILE_MISSING', `There is no file ${file}`);
  });

/** With line and column, and without the data, which the words of `JSON.parse` repeat. */
function parsed(json: string, where: string): unknown {
  try {
    return parseStrictly(json);
  } catch (error) {
    throw new OperateError('BAD_INPUT', `${where} is not JSON: ${(error as Error).message}`);
  }
}

function assign(whole: unknown, pair: string): void {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  if (path === undefined || typeof whole !== 'object' || whole === null)
    throw new OperateError('BAD_OPTION', `--set takes path=value, such as total=119900: ${pair}`);
  const steps = path.split('.');
  if (steps.some((step) => ['__proto__', 'constructor', 'prototype'].includes(step)))
    throw new OperateError('BAD_OPTION', `--set does not take the path ${path}`);
  const last = steps.pop()!;
  const holder = steps.reduce(
    (at, step) => (at[step] ??= {}) as Record<string, unknown>,
    whole as Record<string, unknown>,
  );
  holder[last] = jsonOrText(value!);
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
