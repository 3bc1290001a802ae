/** AWS Lambda: functions, their versions and permissions, invocation, and event source mappings. */
import { functionHost } from '../hosts/index.ts';
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { aliasing } from './lambda/aliases.ts';
import { asynchronous } from './lambda/asynchronous.ts';
import { asynchronousInvocation } from './lambda/event-invoke-config.ts';
import { managingFunctions } from './lambda/functions.ts';
import { invoking } from './lambda/invoke.ts';
import { layering } from './lambda/layers.ts';
import { eventSourceMappings } from './lambda/mapping/mappings.ts';
import { named } from './lambda/names.ts';
import { permissions, policyText } from './lambda/policy.ts';
import { provisioning } from './lambda/provisioned-concurrency.ts';
import { recursing } from './lambda/recursion.ts';
import { registry } from './lambda/registry.ts';
import { running } from './lambda/run.ts';
import { settings } from './lambda/settings.ts';
import { executing } from './lambda/url/execute.ts';
import { urls } from './lambda/urls.ts';
import { versioning } from './lambda/versions.ts';

declare module '../world.ts' {
  interface Services {
    lambda: ReturnType<typeof lambdaService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-lambda')],
  start: lambdaService,
} satisfies ServiceModule;

function lambdaService(world: World) {
  const host = functionHost(world);
  const functions = registry(world, host);
  const invoke = running(functions);
  const mappings = eventSourceMappings(functions, invoke);

  return {
    operations: {
      ...managingFunctions(functions),
      ...versioning(functions),
      ...aliasing(functions),
      ...layering(functions),
      ...permissions(functions),
      ...settings(functions),
      ...recursing(functions),
      ...provisioning(functions),
      ...urls(functions),
      ...asynchronousInvocation(functions),
      ...invoking(functions, invoke, asynchronous(functions, invoke)),
      ...mappings.operations,
    },
    resources: (
      _operation: string,
      { FunctionName, Qualifier, Resource }: Record<string, string | undefined>,
    ) => {
      const reference = FunctionName ?? Resource;
      if (reference === undefined) return ['*'];
      const { name, qualifier } = named(reference, Qualifier);
      return [qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`];
    },
    exists: (arn: string) => functions.functions.has(named(arn).name),
    resourcePolicy(arn: string) {
      const { name, qualifier = '' } = named(arn);
      const policy = functions.functions.get(name)?.policies.get(qualifier);
      return policy && policyText(policy);
    },
    /** Answers a request to a function URL. */
    execute: executing(functions, invoke),
    async stop() {
      mappings.stop();
      await host.stop();
    },
  } satisfies Service & Record<string, unknown>;
}
