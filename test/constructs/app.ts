import type { Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime, type FunctionProps } from 'aws-cdk-lib/aws-lambda';

/** What is built into a stack of its own, by name. */
export type Apps = Record<string, (stack: Stack) => void>;

/** A function that answers. */
export const functionIn = (stack: Stack, id = 'Function', props: Partial<FunctionProps> = {}): Function =>
  new Function(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async () => ({ statusCode: 200, body: 'ok' });`),
    ...props,
  });
