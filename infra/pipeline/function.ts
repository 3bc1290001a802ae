import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundled } from './bundle.ts';
import type { Stage } from './stage.ts';

export interface HandlerProps {
  readonly stage: Stage;
  /** What the function is for, shown in the console. Cut at 256 characters. */
  readonly description: string;
  /** Path of the module that exports `handler`. */
  readonly entry: string;
  readonly timeout: Duration;
  /** MiB. */
  readonly memory: number;
  readonly environment: Record<string, string>;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const LONGEST_DESCRIPTION = 256;

/**
 * A function with a log group and a role of its own. The role may write to that log group and nothing else; whoever
 * connects the function to something grants the rest.
 */
export function handlerFunction(scope: Construct, id: string, props: HandlerProps): lambda.Function {
  const { stage, description, entry, timeout, memory, environment } = props;
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: stage.logRetention,
    removalPolicy: stage.removalPolicy,
  });
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  return new lambda.Function(scope, id, {
    description:
      description.length > LONGEST_DESCRIPTION
        ? `${description.slice(0, LONGEST_DESCRIPTION - 1)}…`
        : description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: bundled(entry),
    role,
    logGroup,
    timeout,
    memorySize: memory,
    environment,
  });
}

/** `functions/<name>/handler.ts` below the root, unless told otherwise. Refused at synth when there is no such file. */
export function handlerPath(root: string, name: string, path = `functions/${name}/handler.ts`): string {
  const entry = join(root, path);
  if (!existsSync(entry)) {
    throw new Error(
      `${name} has no handler: ${path} does not exist in ${root}. Create it, or name another file with \`handler\`.`,
    );
  }
  return entry;
}
