import type * as Lambda from '@aws-sdk/client-lambda';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { LambdaFunction } from './function.ts';
import { named } from './names.ts';
import { paged } from './paging.ts';
import { invalid, notFound, type Registry } from './registry.ts';
import { ACCOUNT_CONCURRENCY } from './run.ts';

/** What can be set on a function besides its code and configuration: concurrency, asynchronous invocation, tags. */
export function settings(registry: Registry) {
  return { ...concurrency(registry), ...asynchronousInvocation(registry), ...tagging(registry), ...urls() };
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
    PutProvisionedConcurrencyConfig() {
      throw notModelled('provisioned concurrency');
    },
  };
}

/** Concurrency that must stay unreserved. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const LEFT_UNRESERVED = 100;

type Config = Lambda.FunctionEventInvokeConfig;

function asynchronousInvocation({ world, resolved, functions }: Registry) {
  /** The function and the key of its configuration; the words differ from those of other operations. */
  const target = (FunctionName: string | undefined, Qualifier: string | undefined) => {
    const { name, qualifier } = named(FunctionName, Qualifier);
    if (!functions.has(name)) throw notFound("The function doesn't exist.");
    const { fn } = resolved(name, qualifier);
    return { fn, key: qualifier ?? '$LATEST', arn: `${fn.arn}:${qualifier ?? '$LATEST'}` };
  };
  const existing = (fn: LambdaFunction, key: string, arn: string): Config => {
    const config = fn.invokeConfigs.get(key);
    if (!config) throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
    return config;
  };
  const put = (input: Lambda.PutFunctionEventInvokeConfigCommandInput, before: Config = {}) => {
    const { fn, key, arn } = target(input.FunctionName, input.Qualifier);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
    if (
      MaximumRetryAttempts === undefined &&
      MaximumEventAgeInSeconds === undefined &&
      DestinationConfig === undefined
    )
      throw invalid('You must specify at least one of error handling or destination setting.');
    checkDestinations(DestinationConfig, fn);
    const config: Config = {
      ...before,
      LastModified: new Date(world.clock.now()),
      FunctionArn: arn,
      ...(MaximumRetryAttempts !== undefined && { MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds !== undefined && { MaximumEventAgeInSeconds }),
      DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...before.DestinationConfig, ...DestinationConfig },
    };
    fn.invokeConfigs.set(key, config);
    return config;
  };

  return {
    PutFunctionEventInvokeConfig(input: Lambda.PutFunctionEventInvokeConfigCommandInput) {
      return put(input) satisfies Answer<Lambda.PutFunctionEventInvokeConfigCommandOutput>;
    },
    UpdateFunctionEventInvokeConfig(input: Lambda.UpdateFunctionEventInvokeConfigCommandInput) {
      const { fn, key, arn } = target(input.FunctionName, input.Qualifier);
      return put(
        input,
        existing(fn, key, arn),
      ) satisfies Answer<Lambda.UpdateFunctionEventInvokeConfigCommandOutput>;
    },
    GetFunctionEventInvokeConfig({
      FunctionName,
      Qualifier,
    }: Lambda.GetFunctionEventInvokeConfigCommandInput) {
      const { fn, key, arn } = target(FunctionName, Qualifier);
      return existing(fn, key, arn) satisfies Answer<Lambda.GetFunctionEventInvokeConfigCommandOutput>;
    },
    DeleteFunctionEventInvokeConfig({
      FunctionName,
      Qualifier,
    }: Lambda.DeleteFunctionEventInvokeConfigCommandInput) {
      const { fn, key, arn } = target(FunctionName, Qualifier);
      existing(fn, key, arn);
      fn.invokeConfigs.delete(key);
      return {} satisfies Answer<Lambda.DeleteFunctionEventInvokeConfigCommandOutput>;
    },
    ListFunctionEventInvokeConfigs({
      FunctionName,
      Marker,
      MaxItems,
    }: Lambda.ListFunctionEventInvokeConfigsCommandInput) {
      const { fn } = target(FunctionName, undefined);
      const { page, next } = paged([...fn.invokeConfigs.values()], Marker, MaxItems ?? 50);
      return {
        FunctionEventInvokeConfigs: page,
        ...next,
      } satisfies Answer<Lambda.ListFunctionEventInvokeConfigsCommandOutput>;
    },
  };
}

function checkDestinations(config: Lambda.DestinationConfig | undefined, fn: LambdaFunction): void {
  for (const arn of [config?.OnSuccess?.Destination, config?.OnFailure?.Destination]) {
    if (arn === undefined || arn === '') continue;
    if (arn === fn.arn || arn.startsWith(`${fn.arn}:`))
      throw invalid("You can't specify the function as a destination for itself.");
    if (!/^arn:aws[a-z-]*:(sqs|sns|lambda|events|s3):/.test(arn))
      throw invalid(`The destination ARN ${arn} is invalid.`);
  }
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

function urls() {
  return {
    CreateFunctionUrlConfig() {
      throw notModelled('function URLs');
    },
  };
}
