import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsOfEnvironment, type Aws } from './aws.ts';
import { discover, type Discovered, type Which } from './discovery.ts';
import { OperateError } from './errors.ts';

export interface Connected {
  aws: Aws;
  discovered: Discovered;
}

/**
 * The deployed pipeline that a command is about. Throws NOT_DEPLOYED, and WRONG_ACCOUNT where cdk.json of the working
 * directory names another account for the stage: `"context": {"accounts": {"production": "123456789012"}}`.
 */
export async function connect({ pipeline, stage }: Required<Which>): Promise<Connected> {
  const aws = awsOfEnvironment();
  await checkAccount(aws, stage);
  return { aws, discovered: await discover(aws, { pipeline, stage }) };
}

/** `folder` is where cdk.json is looked for. */
export async function checkAccount(aws: Aws, stage: string, folder = '.'): Promise<void> {
  const named = (await contextOf(join(folder, 'cdk.json')))?.accounts?.[stage];
  if (named === undefined) return;
  const { Account = '' } = await aws(STSClient).send(new GetCallerIdentityCommand({}));
  if (Account !== named)
    throw new OperateError(
      'WRONG_ACCOUNT',
      `These credentials are of account ${masked(Account)}, and stage ${stage} is in ${masked(named)}`,
    );
}

async function contextOf(file: string): Promise<{ accounts?: Record<string, string> } | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { context?: { accounts?: Record<string, string> } }).context;
}

/** Enough to tell two accounts apart, and no more. */
const masked = (account: string): string => `********${account.slice(-4)}`;
