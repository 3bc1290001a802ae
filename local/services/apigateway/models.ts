/** Models: JSON Schemas (draft 4) by name, which requests are held against. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { jsonMap } from '../../json-map.ts';
import { found, type Api, type Apis } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { isSchema } from './execute/json-schema.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

type Model = Gateway.Model & { name: string; contentType: string };

export const managingModels = (apis: Apis) => ({
  CreateModel(input: Gateway.CreateModelCommandInput) {
    const { restApiId, name = '', contentType = '', description, schema } = input;
    const api = apis.at(restApiId);
    if (name === '') throw badRequest('Model name must be non-empty');
    if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest('Model name must be alphanumeric: ' + name);
    if (api.models.has(name)) throw conflict('Model name already exists for this REST API');
    checkSchema(schema);
    const model: Model = {
      id: apis.newId(6),
      name,
      contentType,
      schema: schema ?? '{}',
      ...(description !== undefined && { description }),
    };
    api.models.set(name, model);
    return model satisfies Answer<Gateway.CreateModelCommandOutput>;
  },

  GetModel({ restApiId, modelName }: Gateway.GetModelCommandInput) {
    return modelAt(apis.at(restApiId), modelName) satisfies Answer<Gateway.GetModelCommandOutput>;
  },

  GetModels(input: Gateway.GetModelsCommandInput) {
    return paged(
      apis.at(input.restApiId).models.values(),
      input,
    ) satisfies Answer<Gateway.GetModelsCommandOutput>;
  },

  UpdateModel({ restApiId, modelName, patchOperations }: Gateway.UpdateModelCommandInput) {
    const api = apis.at(restApiId);
    const model = patched(modelAt(api, modelName), patchOperations, {
      '/description': 'text',
      '/schema': 'text',
    });
    checkSchema(model.schema);
    api.models.set(model.name, model);
    return model satisfies Answer<Gateway.UpdateModelCommandOutput>;
  },

  DeleteModel({ restApiId, modelName }: Gateway.DeleteModelCommandInput) {
    const api = apis.at(restApiId);
    const { name } = modelAt(api, modelName);
    for (const { path, resourceMethods } of api.resources.values())
      for (const { httpMethod, requestModels = {} } of Object.values(resourceMethods))
        if (Object.values(requestModels).includes(name))
          throw conflict(
            `Cannot delete model '${name}', is referenced in method request: ${path}/${httpMethod}`,
          );
    api.models.delete(name);
    return {} satisfies Answer<Gateway.DeleteModelCommandOutput>;
  },
});

const modelAt = (api: Api, name = ''): Model =>
  found(api.models.get(name), `Invalid model name specified: ${name}`);

/** AWS takes the keywords of draft 4 and no others. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
function checkSchema(schema: string | undefined): void {
  if (schema === undefined) return;
  const parsed = jsonMap(schema);
  const unknown = parsed && unknownKeywords(parsed);
  if (!parsed || unknown!.length > 0 || !isSchema(parsed))
    throw badRequest(
      `Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified${unknown?.length ? `. Unsupported keyword(s): ${JSON.stringify(unknown)}` : ''}]`,
    );
}

const KEYWORDS = new Set(
  '$schema id title description default multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern additionalItems items maxItems minItems uniqueItems maxProperties minProperties required additionalProperties definitions properties patternProperties dependencies enum type format allOf anyOf oneOf not $ref'.split(
    ' ',
  ),
);

/** Below these the names are the customer's own. */
const MAPS = new Set(['definitions', 'properties', 'patternProperties', 'dependencies']);

function unknownKeywords(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(unknownKeywords);
  if (typeof schema !== 'object' || schema === null) return [];
  const found = Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => {
    if (!KEYWORDS.has(keyword)) return [keyword];
    if (keyword === 'enum' || keyword === 'default' || keyword === 'required') return [];
    const below = MAPS.has(keyword) && typeof value === 'object' ? Object.values(value ?? {}) : value;
    return unknownKeywords(below);
  });
  return [...new Set(found)];
}

/** What every REST API begins with. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html */
export const firstModels = ({ newId }: Apis): Api['models'] =>
  new Map(
    [
      {
        name: 'Empty',
        description: 'This is a default empty schema model',
        schema:
          '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
      },
      {
        name: 'Error',
        description: 'This is a default error schema model',
        schema:
          '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
      },
    ].map((model) => [model.name, { id: newId(6), contentType: 'application/json', ...model }]),
  );
