/** Bodies against models. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import Draft4 from 'ajv-draft-04';
import type { Definition } from '../api.ts';

/** What is wrong with a body, in the words of the validator that AWS uses; `undefined`: nothing. */
export function violations(api: Definition, model: string, body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body || '{}');
  } catch {
    return 'Unable to parse the body as JSON';
  }
  const valid = compiled(api, model);
  if (valid(value)) return undefined;
  return `[${(valid.errors ?? []).map((error) => wording(error)).join(', ')}]`;
}

const known = new WeakMap<Definition, Map<string, ValidateFunction>>();

function compiled(api: Definition, model: string): ValidateFunction {
  let all = known.get(api);
  if (!all) known.set(api, (all = new Map()));
  let valid = all.get(model);
  if (!valid) all.set(model, (valid = validators(api).getSchema(idOf(api, model))!));
  return valid;
}

/** All models of the API, which may refer to one another. */
function validators(api: Definition) {
  const ajv = new Draft4.default({
    strict: false,
    allErrors: true,
    verbose: true,
    logger: false,
    validateFormats: false,
  });
  for (const { name, schema = '{}' } of api.models.values())
    ajv.addSchema({ ...(JSON.parse(schema) as object), id: undefined }, idOf(api, name));
  return ajv;
}

const idOf = ({ settings }: Definition, model: string) =>
  `https://apigateway.amazonaws.com/restapis/${settings.id}/models/${model}`;

const wording = (error: ErrorObject): string => error.message ?? error.keyword;
