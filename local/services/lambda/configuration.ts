import type * as Lambda from '@aws-sdk/client-lambda';
import { notModelled } from '../../errors.ts';
import type { Code, FunctionVersion } from '../../hosts/host.ts';
import type { World } from '../../world.ts';
import { base64Hash } from './code.ts';
import type { Configuration, Revision } from './function.ts';
import { invalid, outOfRange } from './refusals.ts';
import { credentialsOf } from './role.ts';

type Settings = Omit<Lambda.UpdateFunctionConfigurationRequest, 'FunctionName'> & { PackageType?: string };

/**
 * What a configuration becomes by `settings`; what they leave out stays as it is, or becomes Lambda's default.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function configured(before: Partial<Configuration>, settings: Settings, world: World): Configuration {
  refuseUnmodelled(settings);
  const { FunctionName, FunctionArn } = before;
  const configuration = {
    ...before,
    FunctionName: FunctionName!,
    FunctionArn: FunctionArn!,
    Runtime: settings.Runtime ?? before.Runtime!,
    Role: settings.Role ?? before.Role!,
    Handler: settings.Handler ?? before.Handler!,
    Description: settings.Description ?? before.Description ?? '',
    Timeout: settings.Timeout ?? before.Timeout ?? 3,
    MemorySize: settings.MemorySize ?? before.MemorySize ?? 128,
    Version: '$LATEST',
    EphemeralStorage: settings.EphemeralStorage ?? before.EphemeralStorage ?? { Size: 512 },
    PackageType: 'Zip' as const,
    Architectures: before.Architectures ?? ['x86_64'],
    TracingConfig: settings.TracingConfig ?? before.TracingConfig ?? { Mode: 'PassThrough' },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' } as const,
    LoggingConfig: {
      LogFormat: 'Text' as const,
      ...before.LoggingConfig,
      ...settings.LoggingConfig,
      LogGroup:
        settings.LoggingConfig?.LogGroup ?? before.LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
    },
    RuntimeVersionConfig: {
      RuntimeVersionArn: `arn:aws:lambda:${world.region}::runtime:${'0'.repeat(64)}`,
    },
    LastModified: new Date(world.clock.now()).toISOString().replace('Z', '+0000'),
    RevisionId: world.random.uuid(),
    ...present('Environment', settings.Environment ?? before.Environment),
    ...present('Layers', settings.Layers?.map((Arn) => ({ Arn, CodeSize: 0 })) ?? before.Layers),
  };
  const target = settings.DeadLetterConfig ?? before.DeadLetterConfig;
  delete configuration.DeadLetterConfig;
  if (target?.TargetArn) Object.assign(configuration, { DeadLetterConfig: { TargetArn: target.TargetArn } });
  validate(configuration);
  return configuration;
}

const present = <Name extends string, T>(name: Name, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, T>>;

function refuseUnmodelled(settings: Settings): void {
  if (settings.PackageType === 'Image' || settings.ImageConfig)
    throw notModelled('functions of container images');
  if (settings.VpcConfig?.SubnetIds?.length) throw notModelled('functions in a VPC');
  if (settings.FileSystemConfigs?.length) throw notModelled('file systems of functions');
  if (settings.SnapStart?.ApplyOn === 'PublishedVersions') throw notModelled('SnapStart');
  if (settings.KMSKeyArn) throw notModelled('environments of functions under a key of their own');
  if (settings.DurableConfig) throw notModelled('durable functions');
  if (settings.CapacityProviderConfig) throw notModelled('capacity providers of functions');
}

function validate({
  Runtime,
  Handler,
  Timeout,
  MemorySize,
  Environment,
  EphemeralStorage,
}: Configuration): void {
  if (!Runtime || !Handler)
    throw invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (Timeout < 1) throw outOfRange(Timeout, 'timeout', 'greater than or equal to 1');
  if (Timeout > 900) throw outOfRange(Timeout, 'timeout', 'less than or equal to 900');
  if (MemorySize < 128) throw outOfRange(MemorySize, 'memorySize', 'greater than or equal to 128');
  if (MemorySize > 10_240) throw outOfRange(MemorySize, 'memorySize', 'less than or equal to 10240');
  const size = EphemeralStorage?.Size ?? 512;
  if (size < 512) throw outOfRange(size, 'ephemeralStorage.size', 'greater than or equal to 512');
  if (size > 10_240) throw outOfRange(size, 'ephemeralStorage.size', 'less than or equal to 10240');
  const variables = Environment?.Variables ?? {};
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
  if (reserved.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** A configuration with its code, ready to be run. */
export function revised(configuration: Configuration, code: Code, world: World): Revision {
  const { FunctionName: name, Role } = configuration;
  const whole = { ...configuration, CodeSha256: base64Hash(code), CodeSize: code.zip.byteLength };
  const hosted: FunctionVersion = {
    id: `${whole.FunctionArn}/${whole.RevisionId}`,
    name,
    version: whole.Version,
    handler: whole.Handler,
    runtime: whole.Runtime,
    memoryMiB: whole.MemorySize,
    timeoutMs: whole.Timeout * 1000,
    variables: whole.Environment?.Variables ?? {},
    code,
    logGroup: whole.LoggingConfig.LogGroup,
    logFormat: whole.LoggingConfig.LogFormat ?? 'Text',
    credentials: () => credentialsOf(world, Role, name),
  };
  return { configuration: whole, code, hosted };
}

/** As shown: a function is ready for use as soon as it is made. */
export const shown = (
  { configuration }: Revision,
  state: Partial<Lambda.FunctionConfiguration> = { State: 'Active', LastUpdateStatus: 'Successful' },
): Lambda.FunctionConfiguration => ({ ...configuration, ...state });

export const CREATING = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
} as const;

export const UPDATING = {
  State: 'Active',
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being updated.',
} as const;
