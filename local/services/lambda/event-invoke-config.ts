import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../service.ts';
import type { LambdaFunction } from './function.ts';
import { named } from './names.ts';
import { paged } from './paging.ts';
import { invalid, notFound } from './refusals.ts';
import type { Registry } from './registry.ts';

type Config = Lambda.FunctionEventInvokeConfig;

/** Settings of asynchronous invocation: how often it is tried again, how old an event may get, who is told. */
export function asynchronousInvocation(registry: Registry) {
  return {
    PutFunctionEventInvokeConfig(input: Lambda.PutFunctionEventInvokeConfigCommandInput) {
      return put(registry, input) satisfies Answer<Lambda.PutFunctionEventInvokeConfigCommandOutput>;
    },
    UpdateFunctionEventInvokeConfig(input: Lambda.UpdateFunctionEventInvokeConfigCommandInput) {
      const before = existing(registry, input);
      return put(
        registry,
        input,
        before,
      ) satisfies Answer<Lambda.UpdateFunctionEventInvokeConfigCommandOutput>;
    },
    GetFunctionEventInvokeConfig(input: Lambda.GetFunctionEventInvokeConfigCommandInput) {
      return existing(registry, input) satisfies Answer<Lambda.GetFunctionEventInvokeConfigCommandOutput>;
    },
    DeleteFunctionEventInvokeConfig(input: Lambda.DeleteFunctionEventInvokeConfigCommandInput) {
      existing(registry, input);
      const { fn, key } = target(registry, input);
      fn.invokeConfigs.delete(key);
      return {} satisfies Answer<Lambda.DeleteFunctionEventInvokeConfigCommandOutput>;
    },
    ListFunctionEventInvokeConfigs(input: Lambda.ListFunctionEventInvokeConfigsCommandInput) {
      const { fn } = target(registry, { FunctionName: input.FunctionName });
      const { page, next } = paged([...fn.invokeConfigs.values()], input.Marker, input.MaxItems ?? 50);
      return {
        FunctionEventInvokeConfigs: page,
        ...next,
      } satisfies Answer<Lambda.ListFunctionEventInvokeConfigsCommandOutput>;
    },
  };
}

interface Named {
  FunctionName?: string | undefined;
  Qualifier?: string | undefined;
}

/** The function and the key of its configuration; the words differ from those of other operations. */
function target({ resolved, functions }: Registry, { FunctionName, Qualifier }: Named) {
  const { name, qualifier } = named(FunctionName, Qualifier);
  if (!functions.has(name)) throw notFound("The function doesn't exist.");
  const { fn } = resolved(name, qualifier);
  const key = qualifier ?? '$LATEST';
  return { fn, key, arn: `${fn.arn}:${key}` };
}

function existing(registry: Registry, input: Named): Config {
  const { fn, key, arn } = target(registry, input);
  const config = fn.invokeConfigs.get(key);
  if (!config) throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
  return config;
}

function put(
  registry: Registry,
  input: Lambda.PutFunctionEventInvokeConfigCommandInput,
  before: Config = {},
): Config {
  const { fn, key, arn } = target(registry, input);
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
    LastModified: new Date(registry.world.clock.now()),
    FunctionArn: arn,
    ...(MaximumRetryAttempts !== undefined && { MaximumRetryAttempts }),
    ...(MaximumEventAgeInSeconds !== undefined && { MaximumEventAgeInSeconds }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...before.DestinationConfig, ...DestinationConfig },
  };
  fn.invokeConfigs.set(key, config);
  return config;
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
