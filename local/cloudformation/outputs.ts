import type { Blueprint } from './blueprint.ts';
import { buildingScope, exportsOf, importersOf, type Engine } from './engine.ts';
import { resolve } from './intrinsics.ts';
import { withDynamicReferences } from './parameters.ts';
import type { Stack, StackOutput } from './stack.ts';
import { invalid } from './template.ts';
import { textOf } from './values.ts';

/** What the stack gives away. Throws when an export's name is taken, or one that others import would change. */
export async function outputsOf(
  stack: Stack,
  blueprint: Blueprint,
  engine: Engine,
  imported: (name: string) => void,
): Promise<StackOutput[]> {
  const scope = buildingScope(stack, blueprint, engine, imported);
  const wanted = Object.entries(blueprint.template.Outputs).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  const outputs = wanted.map(([key, { Value, Description, Export }]): StackOutput => {
    const value = resolve(Value, scope);
    if (typeof value === 'object')
      throw invalid(
        `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
      );
    return {
      key,
      value: textOf(value),
      ...(Description === undefined ? {} : { description: Description }),
      ...(Export ? { exportName: String(resolve(Export.Name, scope)) } : {}),
    };
  });
  for (const output of outputs) refuseTakenName(output, stack, engine);
  for (const { exportName, value } of stack.outputs)
    if (exportName !== undefined)
      refuseLostExport(
        exportName,
        value,
        outputs.find((output) => output.exportName === exportName),
        engine,
      );
  return withDynamicReferences(outputs, engine.world, stack.principal);
}

function refuseTakenName({ exportName }: StackOutput, stack: Stack, engine: Engine): void {
  const taken = exportsOf(engine).find((each) => each.name === exportName && each.stack !== stack);
  if (taken)
    throw invalid(
      `Export with name ${exportName} is already exported by stack ${taken.stack.name}. Rollback requested by user.`,
    );
}

function refuseLostExport(
  name: string,
  before: string,
  after: StackOutput | undefined,
  engine: Engine,
): void {
  const importers = importersOf(engine, name).map((importer) => importer.name);
  if (importers.length === 0 || after?.value === before) return;
  throw invalid(
    `Export ${name} cannot be ${after ? 'updated' : 'deleted'} as it is in use by ${importers.join(', ')}`,
  );
}
