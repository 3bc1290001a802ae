import type * as Lambda from '@aws-sdk/client-lambda';
import type { Code, FunctionVersion } from '../../hosts/host.ts';
import type { Provisioned } from './provisioned-concurrency.ts';

/** A function with everything that hangs on it. */
export interface LambdaFunction {
  name: string;
  /** Without a qualifier. */
  arn: string;
  latest: Revision;
  /** Published versions by number. */
  versions: Map<string, Revision>;
  nextVersion: number;
  aliases: Map<string, Lambda.AliasConfiguration>;
  /** Statements by qualifier; `''` is the function itself. */
  policies: Map<string, Policy>;
  /** @default the account's unreserved concurrency */
  reserved: number | undefined;
  /** @default Terminate */
  recursiveLoop?: Lambda.RecursiveLoop;
  /** By qualifier, `$LATEST` if none was given. */
  invokeConfigs: Map<string, Lambda.FunctionEventInvokeConfig>;
  /** Concurrency that is kept ready, by version or alias. */
  provisioned: Map<string, Provisioned>;
  /** By alias; `''` is the function itself. */
  urls: Map<string, FunctionUrl>;
  tags: Record<string, string>;
  /** Invocations under way or waiting for an environment. */
  running: number;
}

/** The zip file of a layer. */
export type FunctionLayer = Code['layers'][number];

/** Code and configuration as they were at one moment: `$LATEST` or a published version. */
export interface Revision {
  configuration: Configuration;
  code: Code;
  /** What hosts make environments of; made once a revision. */
  hosted: FunctionVersion;
  /** The revision id of `$LATEST` that this version was published from. @default none, for `$LATEST` itself */
  published?: string | undefined;
}

export type Configuration = Lambda.FunctionConfiguration & {
  FunctionName: string;
  FunctionArn: string;
  Runtime: Lambda.Runtime;
  Role: string;
  Handler: string;
  Timeout: number;
  MemorySize: number;
  Version: string;
  LoggingConfig: Lambda.LoggingConfig & { LogGroup: string };
};

export type FunctionUrl = Lambda.FunctionUrlConfig & { FunctionUrl: string; FunctionArn: string };

export interface Policy {
  revision: string;
  statements: (Record<string, unknown> & { Sid: string })[];
}
