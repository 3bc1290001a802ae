/** The calls that a pipe makes, as its role. */
import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { RoleSession } from '../../principal.ts';
import type { Services, World } from '../../world.ts';
import type { Pipe } from './pipe.ts';

export type Caller = <Output>(service: string, operation: string, input: object) => Promise<Output>;

export const SESSION = 'EventBridgePipes';

export const sessionOf = (world: World, { definition }: Pipe): RoleSession =>
  world.service('iam').roleSession(definition.RoleArn, SESSION);

export const calling =
  (world: World, pipe: Pipe): Caller =>
  (service, operation, input) =>
    world.call(sessionOf(world, pipe), service as keyof Services, operation, input);

/** What a function answers. Throws when it fails. */
export async function invoked(call: Caller, FunctionName: string, payload: string): Promise<unknown> {
  const { FunctionError, Payload } = await call<Lambda.InvokeCommandOutput>('lambda', 'Invoke', {
    FunctionName,
    Payload: Buffer.from(payload),
  });
  const text = Payload ? Buffer.from(Payload).toString() : '';
  if (FunctionError !== undefined) throw new AwsError('FunctionError', text);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
