/** Deploys what `cdk synth` wrote, through the same change sets that the CDK CLI makes. */
import { stacksIn, type StackArtifact } from './deploy/assembly.ts';
import { published } from './deploy/assets.ts';
import { bootstrapped } from './deploy/bootstrap.ts';
import { deployStack } from './deploy/stack.ts';
import type { Local } from './index.ts';

export interface DeployOptions {
  /** Names of stacks; what they depend on comes too. @default all of the assembly */
  stacks?: string[];
  /** Values of the template's parameters, by stack name. @default their own defaults */
  parameters?: Record<string, Record<string, string>>;
}

/** Outputs by stack name, then by logical id. */
export type Outputs = Record<string, Record<string, string>>;

/**
 * Deploys the cloud assembly in `folder` (`cdk.out`) as the administrator, and what CDK's bootstrap stack gives it. What
 * is deployed already is updated where it differs. Rejects with the reason of the first resource that failed.
 */
export async function deploy(
  { world }: Pick<Local, 'world'>,
  folder: string,
  options: DeployOptions = {},
): Promise<Outputs> {
  const stacks = chosen(await world.clock.hold(stacksIn(folder, world)), options.stacks);
  if (stacks.some(({ bootstrapParameter }) => bootstrapParameter !== undefined)) await bootstrapped(world);
  const outputs: Outputs = {};
  for (const stack of stacks) {
    await published(stack.assets, world);
    outputs[stack.name] = await deployStack(stack, options.parameters?.[stack.name] ?? {}, world);
  }
  return outputs;
}

/** With everything that the named ones depend on; the order stays. */
function chosen(all: StackArtifact[], names: string[] | undefined): StackArtifact[] {
  if (!names) return all;
  const unknown = names.filter((wanted) => !all.some(({ name }) => name === wanted));
  if (unknown.length > 0)
    throw new Error(
      `No stack ${unknown.join(', ')} in the assembly: it has ${all.map(({ name }) => name).join(', ')}.`,
    );
  const wanted = new Set(names);
  for (const { name, dependsOn } of all.toReversed())
    if (wanted.has(name)) for (const other of dependsOn) wanted.add(other);
  return all.filter(({ name }) => wanted.has(name));
}
