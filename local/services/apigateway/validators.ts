/** Request validators: whether a method's parameters and body are looked at. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { found, type Api, type Apis } from './api.ts';
import { badRequest } from './errors.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

export const managingValidators = (apis: Apis) => ({
  CreateRequestValidator(input: Gateway.CreateRequestValidatorCommandInput) {
    const { restApiId, name, validateRequestBody = false, validateRequestParameters = false } = input;
    const api = apis.at(restApiId);
    const validator = {
      id: apis.newId(6),
      ...(name !== undefined && { name }),
      validateRequestBody,
      validateRequestParameters,
    };
    api.validators.set(validator.id, validator);
    return validator satisfies Answer<Gateway.CreateRequestValidatorCommandOutput>;
  },

  GetRequestValidator({ restApiId, requestValidatorId }: Gateway.GetRequestValidatorCommandInput) {
    return validatorAt(
      apis.at(restApiId),
      requestValidatorId,
    ) satisfies Answer<Gateway.GetRequestValidatorCommandOutput>;
  },

  GetRequestValidators(input: Gateway.GetRequestValidatorsCommandInput) {
    return paged(
      apis.at(input.restApiId).validators.values(),
      input,
    ) satisfies Answer<Gateway.GetRequestValidatorsCommandOutput>;
  },

  UpdateRequestValidator(input: Gateway.UpdateRequestValidatorCommandInput) {
    const api = apis.at(input.restApiId);
    const validator = patched(validatorAt(api, input.requestValidatorId), input.patchOperations, {
      '/name': 'text',
      '/validateRequestParameters': 'flag',
      '/validateRequestBody': 'flag',
    });
    if (validator.name === '') throw badRequest('Request Validator name cannot be blank');
    api.validators.set(validator.id, validator);
    return validator satisfies Answer<Gateway.UpdateRequestValidatorCommandOutput>;
  },

  DeleteRequestValidator({ restApiId, requestValidatorId }: Gateway.DeleteRequestValidatorCommandInput) {
    const api = apis.at(restApiId);
    api.validators.delete(validatorAt(api, requestValidatorId).id);
    return {} satisfies Answer<Gateway.DeleteRequestValidatorCommandOutput>;
  },
});

const validatorAt = (api: Api, id = '') =>
  found(api.validators.get(id), 'Invalid Request Validator identifier specified');
