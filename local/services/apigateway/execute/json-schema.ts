/** Bodies against models. */
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type Draft4 from 'ajv-draft-04';
import type { Definition } from '../api.ts';
import { FORMATS } from './formats.ts';
import { worded } from './violation.ts';

/** All that is wrong with a body, in the words of the validator that AWS uses; `undefined`: nothing. */
export function violations(api: Definition, model: string, body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body || '{}');
  } catch {
    return 'Unable to parse the body as JSON';
  }
  const valid = compiled(api, model);
  return valid(value) ? undefined : `[${worded(valid.errors ?? []).join(', ')}]`;
}

/** The schemas of a deployment do not change any more. */
const known = new WeakMap<Definition, (model: string) => ValidateFunction>();

function compiled(api: Definition, model: string): ValidateFunction {
  let find = known.get(api);
  if (!find) {
    const ajv = validator();
    for (const { name, schema = '{}' } of api.models.values())
      ajv.addSchema({ ...(JSON.parse(schema) as object), id: undefined }, idOf(api, name));
    find = (name) => ajv.getSchema(idOf(api, name))!;
    known.set(api, find);
  }
  return find(model);
}

/** Whether this is a schema of draft 4 at all, as far as one can tell without the others that it refers to. */
export const isSchema = (schema: object): boolean => validator().validateSchema(schema) === true;

const OPTIONS = { strict: false, allErrors: true, verbose: true, logger: false, formats: FORMATS } as const;

/** The library is read when it is first needed: it would make every start a quarter longer. */
function validator() {
  const { default: Validator } = createRequire(import.meta.url)('ajv-draft-04') as typeof Draft4;
  return new Validator(OPTIONS);
}

/** How models refer to one another. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html */
const idOf = ({ settings }: Definition, model: string) =>
  `https://apigateway.amazonaws.com/restapis/${settings.id}/models/${model}`;
