import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { codeFrom } from './code.ts';
import { ACCOUNT_CONCURRENCY } from './concurrency.ts';
import { configured, CREATING, revised, shown, UPDATING } from './configuration.ts';
import { checkRole } from './execution-role.ts';
import type { LambdaFunction, Revision } from './function.ts';
import { isVersion, named } from './names.ts';
import { paged } from './paging.ts';
import { conflict, invalid } from './refusals.ts';
import type { Registry } from './registry.ts';
import { published } from './versions.ts';

/** Functions: made, described, changed in place, deleted. */
export const managingFunctions = (registry: Registry) => ({
  ...making(registry),
  ...describing(registry),
  ...changing(registry),
});

function making(registry: Registry) {
  const { world, host, functions, functionOf, layers } = registry;
  return {
    async CreateFunction(input: Lambda.CreateFunctionCommandInput, call: Call) {
      const { name } = named(input.FunctionName);
      if (functions.has(name)) throw conflict(`Function already exist: ${name}`);
      checkRuntime(input.Runtime);
      if (input.CodeSigningConfigArn) throw notModelled('code signing');
      if (input.TenancyConfig) throw notModelled('tenant isolation');
      if (input.PublishTo) throw notModelled('publishing to $LATEST.PUBLISHED');
      const { Publish, Code: source, Tags = {}, Architectures, ...settings } = input;
      const FunctionArn = registry.arn(name);
      const identity = { FunctionName: name, FunctionArn, ...(Architectures && { Architectures }) };
      const configuration = configured(identity, settings, world);
      checkRole(world, configuration, call);
      const code = {
        ...(await codeFrom(source ?? {}, world, call)),
        layers: layers.contentOf(settings.Layers ?? []),
      };
      const latest = revised(configuration, code, world);
      const fn = newFunction(name, FunctionArn, latest, Tags);
      functions.set(name, fn);
      const first = Publish ? published(fn, world) : latest;
      return shown(first, CREATING) satisfies Answer<Lambda.CreateFunctionCommandOutput>;
    },

    DeleteFunction({ FunctionName, Qualifier }: Lambda.DeleteFunctionCommandInput) {
      const { name, qualifier } = named(FunctionName, Qualifier);
      const fn = functionOf(name);
      if (qualifier === '$LATEST')
        throw invalid('$LATEST version cannot be deleted without deleting the function.');
      if (qualifier !== undefined && !isVersion(qualifier))
        throw invalid('Deletion of aliases is not currently supported.');
      const ends =
        qualifier === undefined ? [fn.latest, ...fn.versions.values()] : [fn.versions.get(qualifier)];
      for (const revision of ends) if (revision) host.retire(revision.hosted.id);
      if (qualifier === undefined) functions.delete(name);
      else fn.versions.delete(qualifier);
      return {} satisfies Answer<Lambda.DeleteFunctionCommandOutput>;
    },
  };
}

const newFunction = (
  name: string,
  arn: string,
  latest: Revision,
  tags: Record<string, string>,
): LambdaFunction => ({
  name,
  arn,
  latest,
  versions: new Map(),
  nextVersion: 1,
  aliases: new Map(),
  policies: new Map(),
  reserved: undefined,
  invokeConfigs: new Map(),
  urls: new Map(),
  provisioned: new Map(),
  tags,
  running: 0,
});

function describing({ functions, functionOf, resolved }: Registry) {
  return {
    GetFunction({ FunctionName, Qualifier }: Lambda.GetFunctionCommandInput, { endpoint }: Call) {
      const { fn, revision } = resolved(FunctionName, Qualifier);
      return {
        Configuration: shown(revision),
        Code: { RepositoryType: 'S3', Location: `${endpoint}/_spillway/code/${revision.code.sha256}.zip` },
        ...(Object.keys(fn.tags).length > 0 && { Tags: fn.tags }),
        ...(fn.reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: fn.reserved } }),
      } satisfies Answer<Lambda.GetFunctionCommandOutput>;
    },

    GetFunctionConfiguration({ FunctionName, Qualifier }: Lambda.GetFunctionConfigurationCommandInput) {
      const { revision } = resolved(FunctionName, Qualifier);
      return shown(revision) satisfies Answer<Lambda.GetFunctionConfigurationCommandOutput>;
    },

    ListFunctions({ FunctionVersion, MasterRegion, Marker, MaxItems }: Lambda.ListFunctionsCommandInput) {
      if (MasterRegion) throw notModelled('functions replicated by Lambda@Edge');
      const all = [...functions.values()]
        .flatMap((fn) => [fn.latest, ...(FunctionVersion === 'ALL' ? fn.versions.values() : [])])
        .map(({ configuration }) => configuration);
      const { page, next } = paged(all, Marker, MaxItems ?? 50);
      return { Functions: page, ...next } satisfies Answer<Lambda.ListFunctionsCommandOutput>;
    },

    GetFunctionCodeSigningConfig({ FunctionName }: Lambda.GetFunctionCodeSigningConfigCommandInput) {
      const { name } = functionOf(FunctionName);
      return { FunctionName: name } as Answer<Lambda.GetFunctionCodeSigningConfigCommandOutput>;
    },

    GetRuntimeManagementConfig(input: Lambda.GetRuntimeManagementConfigCommandInput) {
      return {
        UpdateRuntimeOn: 'Auto',
        FunctionArn: resolved(input.FunctionName, input.Qualifier).arn,
      } satisfies Answer<Lambda.GetRuntimeManagementConfigCommandOutput>;
    },

    GetAccountSettings() {
      const reserved = [...functions.values()].reduce((sum, fn) => sum + (fn.reserved ?? 0), 0);
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reserved,
        },
        AccountUsage: { FunctionCount: functions.size, TotalCodeSize: 0 },
      } satisfies Answer<Lambda.GetAccountSettingsCommandOutput>;
    },
  };
}

function changing({ world, host, functionOf, layers }: Registry) {
  /** Puts a revision in the place of `$LATEST`; what runs finishes on the old one. */
  const replace = (fn: LambdaFunction, revision: Revision) => {
    host.retire(fn.latest.hosted.id);
    fn.latest = revision;
  };

  return {
    async UpdateFunctionCode(input: Lambda.UpdateFunctionCodeCommandInput, call: Call) {
      const fn = functionOf(input.FunctionName);
      checkRevision(fn, input.RevisionId);
      if (input.PublishTo) throw notModelled('publishing to $LATEST.PUBLISHED');
      const code = { ...(await codeFrom(input, world, call)), layers: fn.latest.code.layers };
      const { Architectures } = input;
      const before = { ...fn.latest.configuration, ...(Architectures && { Architectures }) };
      const next = revised(configured(before, {}, world), code, world);
      if (!input.DryRun) replace(fn, next);
      const updated = input.Publish && !input.DryRun ? published(fn, world) : next;
      return shown(updated, UPDATING) satisfies Answer<Lambda.UpdateFunctionCodeCommandOutput>;
    },

    UpdateFunctionConfiguration(input: Lambda.UpdateFunctionConfigurationCommandInput, call: Call) {
      const { FunctionName, RevisionId, ...settings } = input;
      const fn = functionOf(FunctionName);
      checkRevision(fn, RevisionId);
      checkRuntime(settings.Runtime);
      const configuration = configured(fn.latest.configuration, settings, world);
      checkRole(world, configuration, call);
      const { code } = fn.latest;
      const whole = settings.Layers ? { ...code, layers: layers.contentOf(settings.Layers) } : code;
      replace(fn, revised(configuration, whole, world));
      return shown(fn.latest, UPDATING) satisfies Answer<Lambda.UpdateFunctionConfigurationCommandOutput>;
    },
  };
}

function checkRevision(fn: LambdaFunction, RevisionId: string | undefined): void {
  if (RevisionId && RevisionId !== fn.latest.configuration.RevisionId)
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      { status: 412, Type: 'User' },
    );
}

/** Functions run on this machine's Node, whatever version of Node their runtime names. */
function checkRuntime(runtime: string | undefined): void {
  if (runtime && !/^nodejs\d+\.x$/.test(runtime)) throw notModelled(`the runtime ${runtime}`);
}
