import { Buffer } from 'node:buffer';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Ambient } from '../ambient.ts';
import { Problem } from '../problem.ts';

/** Milliseconds after which a parameter is read again: so long a new secret takes to be known everywhere. */
const FRESH_MS = 5 * 60_000;

/** The current secrets of a parameter. Throws SECRET_UNAVAILABLE. */
export type Secrets = (parameter: string) => Promise<readonly Buffer[]>;

/**
 * Secrets from SecureString parameters of Systems Manager, each one or several `whsec_…` with space between. Rotation: add
 * the new one, have the sender use it, remove the old one. A parameter that cannot be read again keeps its last value.
 */
export function secretsFrom(ssm: Pick<SSMClient, 'send'>, { now }: Pick<Ambient, 'now'>): Secrets {
  const read = new Map<string, { secrets: readonly Buffer[]; at: number }>();
  return async (parameter) => {
    const known = read.get(parameter);
    if (known && now() - known.at < FRESH_MS) return known.secrets;
    try {
      const secrets = secretsIn(
        (await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }))).Parameter?.Value,
      );
      read.set(parameter, { secrets, at: now() });
      return secrets;
    } catch (cause) {
      if (known) return known.secrets;
      throw new Problem('SECRET_UNAVAILABLE', `${parameter}: ${(cause as Error).name}`, { cause });
    }
  };
}

const PREFIX = 'whsec_';

function secretsIn(text = ''): Buffer[] {
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length === 0 || !parts.every((part) => part.startsWith(PREFIX)))
    throw new TypeError('not one or several whsec_…');
  return parts.map((part) => Buffer.from(part.slice(PREFIX.length), 'base64'));
}
