/**
 * What is to happen to a function that invokes itself by way of SQS, SNS or S3: kept and told; nothing is cut off here.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Registry } from './registry.ts';

export function recursing({ functionOf }: Registry) {
  return {
    PutFunctionRecursionConfig({
      FunctionName,
      RecursiveLoop = 'Terminate',
    }: Lambda.PutFunctionRecursionConfigCommandInput) {
      if (RecursiveLoop !== 'Allow' && RecursiveLoop !== 'Terminate')
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${String(RecursiveLoop)}' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Allow, Terminate]`,
        );
      functionOf(FunctionName).recursiveLoop = RecursiveLoop;
      return { RecursiveLoop } satisfies Answer<Lambda.PutFunctionRecursionConfigCommandOutput>;
    },

    GetFunctionRecursionConfig({ FunctionName }: Lambda.GetFunctionRecursionConfigCommandInput) {
      const { recursiveLoop: RecursiveLoop = 'Terminate' } = functionOf(FunctionName);
      return { RecursiveLoop } satisfies Answer<Lambda.GetFunctionRecursionConfigCommandOutput>;
    },
  };
}
