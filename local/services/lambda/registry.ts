import type { FunctionHost } from '../../hosts/host.ts';
import type { World } from '../../world.ts';
import type { LambdaFunction, Revision } from './function.ts';
import { keepFunctions } from './kept.ts';
import { layerStore, type Layers } from './layers.ts';
import { meters, type FunctionMeters } from './meters.ts';
import { named } from './names.ts';
import { notFound } from './refusals.ts';

/** The functions of the account. */
export interface Registry {
  world: World;
  host: FunctionHost;
  layers: Layers;
  functions: Map<string, LambdaFunction>;
  /** The metrics of a function, by its name. */
  meter(name: string): FunctionMeters;
  arn(name: string): string;
  /** Throws ResourceNotFoundException. */
  functionOf(reference: string | undefined): LambdaFunction;
  /** A function and the revision that a name leads to. */
  resolved(reference: string | undefined, qualifier?: string): Resolved;
}

export interface Resolved {
  fn: LambdaFunction;
  revision: Revision;
  /** As it was named: version or alias. @default none */
  qualifier: string | undefined;
  /** With the qualifier, if one was given. */
  arn: string;
}

export function registry(world: World, host: FunctionHost): Registry {
  const functions = new Map<string, LambdaFunction>();
  const arn = (name: string) => `arn:aws:lambda:${world.region}:${world.account}:function:${name}`;

  const resolved = (reference: string | undefined, given?: string): Resolved => {
    const { name, qualifier } = named(reference, given);
    const fn = functions.get(name);
    const whole = qualifier === undefined ? arn(name) : `${arn(name)}:${qualifier}`;
    const revision = fn && revisionOf(fn, qualifier, world);
    if (!revision)
      throw notFound(`Function not found: ${qualifier === undefined ? `${whole}:$LATEST` : whole}`);
    return { fn, revision, qualifier, arn: whole };
  };

  const layers = layerStore(world);
  keepFunctions(world, functions, layers.layers);
  return {
    world,
    host,
    layers,
    functions,
    meter: meters(world),
    arn,
    resolved,
    functionOf(reference) {
      const { name } = named(reference);
      const fn = functions.get(name);
      if (!fn) throw notFound(`Function not found: ${arn(name)}`);
      return fn;
    },
  };
}

/** An alias with weights leads to one of its versions by chance. */
function revisionOf(fn: LambdaFunction, qualifier: string | undefined, world: World): Revision | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return fn.latest;
  const alias = fn.aliases.get(qualifier);
  if (!alias) return fn.versions.get(qualifier);
  const weights = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  let draw = weights.length > 0 ? world.random.next() : 1;
  for (const [version, weight] of weights) {
    if (draw < weight) return fn.versions.get(version);
    draw -= weight;
  }
  return alias.FunctionVersion === '$LATEST' ? fn.latest : fn.versions.get(alias.FunctionVersion!);
}
