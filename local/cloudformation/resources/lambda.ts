import type { Tag } from '@aws-sdk/client-cloudformation';
import { strToU8, zipSync } from 'fflate';
import { AwsError, notModelled } from '../../errors.ts';
import { runnable } from '../bucket-notifications.ts';
import { mapOfTags, retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { same, type Dictionary } from '../values.ts';

interface Function extends Dictionary {
  FunctionName?: string;
  Code: { S3Bucket?: string; S3Key?: string; S3ObjectVersion?: string; ZipFile?: string; ImageUri?: string };
  Architectures?: string[];
  Runtime?: string;
  Handler?: string;
  ReservedConcurrentExecutions?: number;
  RecursiveLoop?: string;
  Tags?: Tag[];
}

interface Permission extends Dictionary {
  FunctionName: string;
}

interface LayerVersion extends Dictionary {
  LayerName?: string;
}

export default {
  'AWS::Lambda::Function': {
    name: 'FunctionName',

    async create(given: Function, site) {
      const properties = runnable(given);
      const { Code: _code, ReservedConcurrentExecutions, RecursiveLoop, Tags, ...settings } = properties;
      refuseUnmodelled(properties);
      const FunctionName = site.name(properties.FunctionName, { longest: 64 });
      const { FunctionArn } = await site.call<{ FunctionArn: string }>('lambda', 'CreateFunction', {
        ...settings,
        FunctionName,
        Code: codeOf(properties),
        Tags: mapOfTags([...site.tags(Tags), ...systemTags(site)]),
      });
      site.made({ id: FunctionName });
      if (ReservedConcurrentExecutions !== undefined)
        await site.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
      if (RecursiveLoop !== undefined)
        await site.call('lambda', 'PutFunctionRecursionConfig', { FunctionName, RecursiveLoop });
      return { id: FunctionName, attributes: { Arn: FunctionArn } };
    },

    async update(before, given: Function, site, previous: Function) {
      const properties = runnable(given);
      refuseUnmodelled(properties);
      const FunctionName = before.id;
      const { Code, Architectures, ReservedConcurrentExecutions, RecursiveLoop, Tags, ...settings } =
        properties;
      if (!same(Code, previous.Code) || !same(Architectures, previous.Architectures))
        await site.call('lambda', 'UpdateFunctionCode', {
          FunctionName,
          ...codeOf(properties),
          Architectures,
        });
      const { FunctionName: _name, PackageType: _type, ...changeable } = settings;
      await site.call('lambda', 'UpdateFunctionConfiguration', {
        ...whenRemoved(previous, properties),
        ...changeable,
        FunctionName,
      });
      if (ReservedConcurrentExecutions !== previous.ReservedConcurrentExecutions)
        await (ReservedConcurrentExecutions === undefined
          ? site.call('lambda', 'DeleteFunctionConcurrency', { FunctionName })
          : site.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions }));
      if (RecursiveLoop !== previous.RecursiveLoop)
        await site.call('lambda', 'PutFunctionRecursionConfig', {
          FunctionName,
          RecursiveLoop: RecursiveLoop ?? 'Terminate',
        });
      const Resource = String(before.attributes['Arn']);
      await retag(Tags, previous.Tags, site, {
        untag: (keys) => site.call('lambda', 'UntagResource', { Resource, TagKeys: keys }),
        tag: (tags) => site.call('lambda', 'TagResource', { Resource, Tags: mapOfTags(tags) }),
      });
      return before;
    },

    async delete({ id: FunctionName }, site) {
      await site.call('lambda', 'DeleteFunction', { FunctionName });
    },
  },

  'AWS::Lambda::Permission': {
    async create(properties: Permission, site) {
      const StatementId = site.name(undefined, { longest: 100 });
      await site.call('lambda', 'AddPermission', { ...properties, StatementId });
      return { id: StatementId, attributes: { Id: StatementId } };
    },

    async delete({ id: StatementId }, site, { FunctionName }: Permission) {
      await site.call('lambda', 'RemovePermission', { FunctionName, StatementId });
    },
  },

  'AWS::Lambda::Version': {
    async create(properties: Dictionary, site) {
      const { ProvisionedConcurrencyConfig: _provisioned, RuntimePolicy, ...publish } = properties;
      if (RuntimePolicy) throw notModelled('runtime policies of a version');
      const before = await versionsOf(publish['FunctionName'], site);
      const { FunctionArn, Version } = await site.call<{ FunctionArn: string; Version: string }>(
        'lambda',
        'PublishVersion',
        publish,
      );
      if (before.includes(Version))
        throw new AwsError(
          'ResourceConflictException',
          `A version for this Lambda function exists ( ${Version} ). Modify the function to create a new version.`,
        );
      await provision({ ...properties, Qualifier: Version }, site);
      return { id: FunctionArn, attributes: { FunctionArn, Version } };
    },

    async delete({ id, attributes }, site) {
      const FunctionName = id.slice(0, id.lastIndexOf(':'));
      await site.call('lambda', 'DeleteFunction', { FunctionName, Qualifier: attributes['Version'] });
    },
  },

  'AWS::Lambda::Alias': {
    async create(properties: Dictionary, site) {
      const { AliasArn } = await site.call<{ AliasArn: string }>(
        'lambda',
        'CreateAlias',
        aliasOf(properties),
      );
      await provision({ ...properties, Qualifier: properties['Name'] }, site);
      return { id: AliasArn, attributes: { AliasArn } };
    },

    async update(before, properties: Dictionary, site) {
      await site.call('lambda', 'UpdateAlias', aliasOf(properties));
      await provision({ ...properties, Qualifier: properties['Name'] }, site);
      return before;
    },

    async delete(_resource, site, { FunctionName, Name }: Dictionary) {
      await site.call('lambda', 'DeleteAlias', { FunctionName, Name });
    },
  },

  'AWS::Lambda::Url': {
    async create({ TargetFunctionArn: FunctionName, ...properties }: Dictionary, site) {
      const { FunctionArn, FunctionUrl } = await site.call<{ FunctionArn: string; FunctionUrl: string }>(
        'lambda',
        'CreateFunctionUrlConfig',
        { ...properties, FunctionName },
      );
      return { id: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
    },

    async update(before, { TargetFunctionArn: FunctionName, ...properties }: Dictionary, site) {
      const standard = { Cors: {}, InvokeMode: 'BUFFERED' };
      await site.call('lambda', 'UpdateFunctionUrlConfig', { ...standard, ...properties, FunctionName });
      return before;
    },

    async delete({ id: FunctionName }, site) {
      await site.call('lambda', 'DeleteFunctionUrlConfig', { FunctionName });
    },
  },

  'AWS::Lambda::LayerVersion': {
    async create(properties: LayerVersion, site) {
      const LayerName = site.name(properties.LayerName, { longest: 64 });
      const { LayerVersionArn } = await site.call<{ LayerVersionArn: string }>(
        'lambda',
        'PublishLayerVersion',
        {
          ...properties,
          LayerName,
        },
      );
      return { id: LayerVersionArn, attributes: { LayerVersionArn } };
    },

    async delete({ id }, site) {
      const [LayerName, version] = id.split(':').slice(-2);
      await site.call('lambda', 'DeleteLayerVersion', { LayerName, VersionNumber: Number(version) });
    },
  },

  'AWS::Lambda::EventInvokeConfig': {
    async create(properties: Dictionary, site) {
      await site.call('lambda', 'PutFunctionEventInvokeConfig', properties);
      return { id: site.name(undefined, { longest: 128 }) };
    },

    async update(before, properties: Dictionary, site) {
      await site.call('lambda', 'PutFunctionEventInvokeConfig', properties);
      return before;
    },

    async delete(_resource, site, { FunctionName, Qualifier }: Dictionary) {
      await site.call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier });
    },
  },
} satisfies ResourceTypes;

function refuseUnmodelled({ Code, RuntimeManagementConfig }: Function): void {
  if (Code.ImageUri !== undefined) throw notModelled('functions from container images');
  if (RuntimeManagementConfig !== undefined) throw notModelled('RuntimeManagementConfig of a function');
}

/** What a function is set back to when the template no longer says anything. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const whenRemoved = (before: Function, after: Function): Dictionary =>
  Object.fromEntries(Object.entries(DEFAULTS).filter(([name]) => name in before && !(name in after)));

const DEFAULTS: Dictionary = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  Environment: { Variables: {} },
  Layers: [],
  DeadLetterConfig: {},
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
};

/** An inline source becomes the one file of a zip. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html */
function codeOf({ Code: { ZipFile, ...code }, Runtime = '', Handler = '' }: Function): object {
  if (ZipFile === undefined) return code;
  const module = Handler.split('.')[0] || 'index';
  const file = `${module}.${Runtime.startsWith('python') ? 'py' : 'js'}`;
  // The same bytes every time, so that the same source has the same hash.
  return { ZipFile: zipSync({ [file]: strToU8(ZipFile) }, { mtime: new Date(1980, 0, 1) }) };
}

async function versionsOf(FunctionName: unknown, site: Site): Promise<string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const { Versions, NextMarker } = await site.call<{
      Versions: { Version: string }[];
      NextMarker?: string;
    }>('lambda', 'ListVersionsByFunction', { FunctionName, Marker });
    found.push(...Versions.map(({ Version }) => Version));
    Marker = NextMarker;
  } while (Marker !== undefined);
  return found;
}

/** Recorded against AWS (LocalStack's resources/test_lambda snapshots). */
const systemTags = ({ stack, logicalId }: Site): Tag[] => [
  { Key: 'aws:cloudformation:stack-name', Value: stack.name },
  { Key: 'aws:cloudformation:stack-id', Value: stack.id },
  { Key: 'aws:cloudformation:logical-id', Value: logicalId },
];

/** What a template does not ask for is not kept ready. */
async function provision(
  { FunctionName, Qualifier, ProvisionedConcurrencyConfig }: Dictionary,
  site: Site,
): Promise<void> {
  const named = { FunctionName, Qualifier };
  if (ProvisionedConcurrencyConfig === undefined)
    await site.call('lambda', 'DeleteProvisionedConcurrencyConfig', named);
  else
    await site.call('lambda', 'PutProvisionedConcurrencyConfig', {
      ...named,
      ...(ProvisionedConcurrencyConfig as Dictionary),
    });
}

function aliasOf({
  RoutingConfig,
  ProvisionedConcurrencyConfig: _provisioned,
  ...alias
}: Dictionary): object {
  const { AdditionalVersionWeights: weights = [] } = (RoutingConfig ?? {}) as {
    AdditionalVersionWeights?: { FunctionVersion: string; FunctionWeight: number }[];
  };
  const routed = Object.fromEntries(
    weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]),
  );
  return { ...alias, RoutingConfig: { AdditionalVersionWeights: routed } };
}
