import type * as Lambda from '@aws-sdk/client-lambda';
import { notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { checkTarget } from './execution-role.ts';
import type { LambdaFunction } from './function.ts';
import { named } from './names.ts';
import { paged } from './paging.ts';
import { invalid, notFound, outOfRange } from './refusals.ts';
import type { Registry } from './registry.ts';

type Config = Lambda.FunctionEventInvokeConfig;

/** Settings of asynchronous invocation: how often it is tried again, how old an event may get, who is told. */
export function asynchronousInvocation(registry: Registry) {
  return {
    PutFunctionEventInvokeConfig(input: Lambda.PutFunctionEventInvokeConfigCommandInput, call: Call) {
      return put(registry, call, input) satisfies Answer<Lambda.PutFunctionEventInvokeConfigCommandOutput>;
    },
    UpdateFunctionEventInvokeConfig(input: Lambda.UpdateFunctionEventInvokeConfigCommandInput, call: Call) {
      const before = existing(registry, input);
      return put(
        registry,
        call,
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
  const { fn, revision } = resolved(name, qualifier);
  const key = qualifier ?? '$LATEST';
  return { fn, revision, key, arn: `${fn.arn}:${key}` };
}

function existing(registry: Registry, input: Named): Config {
  const { fn, key, arn } = target(registry, input);
  const config = fn.invokeConfigs.get(key);
  if (!config) throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
  return config;
}

function put(
  registry: Registry,
  call: Call,
  input: Lambda.PutFunctionEventInvokeConfigCommandInput,
  before: Config = {},
): Config {
  const { fn, revision, key, arn } = target(registry, input);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  if (
    MaximumRetryAttempts === undefined &&
    MaximumEventAgeInSeconds === undefined &&
    DestinationConfig === undefined
  )
    throw invalid('You must specify at least one of error handling or destination setting.');
  checkLimits(input);
  for (const destination of destinations(DestinationConfig, fn))
    checkTarget(registry.world, revision.configuration, destination, call);
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

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
function checkLimits({
  MaximumRetryAttempts: retries = 2,
  MaximumEventAgeInSeconds: age = 21_600,
}: Lambda.PutFunctionEventInvokeConfigCommandInput): void {
  if (retries < 0) throw outOfRange(retries, 'maximumRetryAttempts', 'greater than or equal to 0');
  if (retries > 2) throw outOfRange(retries, 'maximumRetryAttempts', 'less than or equal to 2');
  if (age < 60) throw outOfRange(age, 'maximumEventAgeInSeconds', 'greater than or equal to 60');
  if (age > 21_600) throw outOfRange(age, 'maximumEventAgeInSeconds', 'less than or equal to 21600');
}

/** Those that are given. Throws for what can be none. */
function destinations({ OnSuccess, OnFailure }: Lambda.DestinationConfig = {}, fn: LambdaFunction): string[] {
  // S3 takes failures only.
  if (OnFailure?.Destination?.split(':')[2] === 's3') throw notModelled('S3 destinations of functions');
  const given = [OnSuccess, OnFailure].flatMap((one) => one?.Destination || []);
  for (const arn of given) {
    if (arn === fn.arn || arn.startsWith(`${fn.arn}:`))
      throw invalid("You can't specify the function as a destination for itself.");
    if (!/^arn:aws[a-z-]*:(sqs|sns|lambda|events):/.test(arn))
      throw invalid(`The destination ARN ${arn} is invalid.`);
  }
  return given;
}
