import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../service.ts';
import { ACCOUNT_CONCURRENCY } from './concurrency.ts';
import { LEFT_UNRESERVED } from './provisioned-concurrency.ts';
import { invalid } from './refusals.ts';
import type { Registry } from './registry.ts';

/** What can be set on a function besides its code and configuration: concurrency and tags. */
export function settings(registry: Registry) {
  return { ...concurrency(registry), ...tagging(registry) };
}

function concurrency({ functionOf, functions }: Registry) {
  return {
    PutFunctionConcurrency({
      FunctionName,
      ReservedConcurrentExecutions = 0,
    }: Lambda.PutFunctionConcurrencyCommandInput) {
      const fn = functionOf(FunctionName);
      const others = [...functions.values()].reduce(
        (sum, other) => sum + (other === fn ? 0 : (other.reserved ?? 0)),
        0,
      );
      if (others + ReservedConcurrentExecutions > ACCOUNT_CONCURRENCY - LEFT_UNRESERVED)
        throw invalid(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEFT_UNRESERVED}].`,
        );
      fn.reserved = ReservedConcurrentExecutions;
      return { ReservedConcurrentExecutions } satisfies Answer<Lambda.PutFunctionConcurrencyCommandOutput>;
    },
    GetFunctionConcurrency({ FunctionName }: Lambda.GetFunctionConcurrencyCommandInput) {
      const { reserved } = functionOf(FunctionName);
      return (
        reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved }
      ) satisfies Answer<Lambda.GetFunctionConcurrencyCommandOutput>;
    },
    DeleteFunctionConcurrency({ FunctionName }: Lambda.DeleteFunctionConcurrencyCommandInput) {
      functionOf(FunctionName).reserved = undefined;
      return {} satisfies Answer<Lambda.DeleteFunctionConcurrencyCommandOutput>;
    },
  };
}

function tagging({ functionOf }: Registry) {
  return {
    TagResource({ Resource, Tags = {} }: Lambda.TagResourceCommandInput) {
      Object.assign(functionOf(Resource).tags, Tags);
      return {} satisfies Answer<Lambda.TagResourceCommandOutput>;
    },
    UntagResource({ Resource, TagKeys = [] }: Lambda.UntagResourceCommandInput) {
      const { tags } = functionOf(Resource);
      for (const key of TagKeys) delete tags[key];
      return {} satisfies Answer<Lambda.UntagResourceCommandOutput>;
    },
    ListTags({ Resource }: Lambda.ListTagsCommandInput) {
      return { Tags: functionOf(Resource).tags } satisfies Answer<Lambda.ListTagsCommandOutput>;
    },
  };
}
