/** Function URLs: an address of its own for a function or an alias. https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { newId } from '../apigateway/api.ts';
import type { FunctionUrl, LambdaFunction } from './function.ts';
import { isVersion, named } from './names.ts';
import { paged } from './paging.ts';
import { conflict, notFound, outOfRange } from './refusals.ts';
import type { Registry } from './registry.ts';

export const urls = (registry: Registry) => ({ ...changing(registry), ...describing(registry) });

function changing({ world, functions }: Registry) {
  const now = () => new Date(world.clock.now()).toISOString();
  return {
    CreateFunctionUrlConfig(input: Lambda.CreateFunctionUrlConfigCommandInput) {
      const { AuthType, Cors, InvokeMode = 'BUFFERED' } = input;
      const { name, qualifier = '' } = namedUrl(input);
      check({ Cors, InvokeMode });
      const fn = functions.get(name);
      if (!fn || (qualifier !== '' && !fn.aliases.has(qualifier))) throw notFound('Function does not exist');
      const FunctionArn = qualifier === '' ? fn.arn : `${fn.arn}:${qualifier}`;
      if (fn.urls.has(qualifier))
        throw conflict(
          `Failed to create function url config for [functionArn = ${FunctionArn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        );
      const url: FunctionUrl = {
        FunctionUrl: `https://${newId(world, 32)}.lambda-url.${world.region}.on.aws/`,
        FunctionArn,
        AuthType,
        ...(Cors && { Cors }),
        CreationTime: now(),
        LastModifiedTime: now(),
        InvokeMode,
      };
      fn.urls.set(qualifier, url);
      const { LastModifiedTime: _last, ...created } = url;
      return created satisfies Answer<Lambda.CreateFunctionUrlConfigCommandOutput>;
    },

    UpdateFunctionUrlConfig(input: Lambda.UpdateFunctionUrlConfigCommandInput) {
      const { AuthType, Cors, InvokeMode } = input;
      check({ Cors, InvokeMode });
      const { fn, qualifier, url } = urlOf(functions, input);
      const changed: FunctionUrl = {
        ...url,
        ...(AuthType && { AuthType }),
        ...(Cors && { Cors }),
        ...(InvokeMode && { InvokeMode }),
        LastModifiedTime: now(),
      };
      if (Cors && Object.keys(Cors).length === 0) delete changed.Cors;
      fn.urls.set(qualifier, changed);
      return changed satisfies Answer<Lambda.UpdateFunctionUrlConfigCommandOutput>;
    },

    DeleteFunctionUrlConfig(input: Lambda.DeleteFunctionUrlConfigCommandInput) {
      const { fn, qualifier } = urlOf(functions, input);
      fn.urls.delete(qualifier);
      return {} satisfies Answer<Lambda.DeleteFunctionUrlConfigCommandOutput>;
    },
  };
}

function describing({ functions }: Registry) {
  return {
    GetFunctionUrlConfig(input: Lambda.GetFunctionUrlConfigCommandInput) {
      return urlOf(functions, input).url satisfies Answer<Lambda.GetFunctionUrlConfigCommandOutput>;
    },

    ListFunctionUrlConfigs({ FunctionName, Marker, MaxItems }: Lambda.ListFunctionUrlConfigsCommandInput) {
      const fn = functions.get(named(FunctionName).name);
      if (!fn) throw notFound('Function does not exist');
      const { page, next } = paged([...fn.urls.values()], Marker, MaxItems ?? 50);
      return {
        FunctionUrlConfigs: page,
        ...next,
      } satisfies Answer<Lambda.ListFunctionUrlConfigsCommandOutput>;
    },
  };
}

type Names = Pick<Lambda.GetFunctionUrlConfigCommandInput, 'FunctionName' | 'Qualifier'>;

/** Versions have no URL. */
function namedUrl({ FunctionName, Qualifier }: Names) {
  const both = named(FunctionName, Qualifier);
  if (both.qualifier !== undefined && isVersion(both.qualifier))
    throw invalidMember(
      `Value '${both.qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
    );
  return both;
}

function urlOf(functions: Map<string, LambdaFunction>, names: Names) {
  const { name, qualifier = '' } = namedUrl(names);
  const fn = functions.get(name);
  const url = fn?.urls.get(qualifier);
  if (!url) throw notFound('The resource you requested does not exist.');
  return { fn: fn!, qualifier, url };
}

function check({ Cors = {}, InvokeMode }: Pick<Lambda.FunctionUrlConfig, 'Cors' | 'InvokeMode'>): void {
  if (InvokeMode === 'RESPONSE_STREAM') throw notModelled('function URLs that stream their answers');
  const { AllowMethods = [], MaxAge = 0 } = Cors;
  if (AllowMethods.some((method) => method.length > 6))
    throw invalidMember(
      `Value '[${AllowMethods.join(', ')}]' at 'cors.allowMethods' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 6, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: .*]`,
    );
  if (MaxAge > 86_400) throw outOfRange(MaxAge, 'cors.maxAge', 'less than or equal to 86400');
}

const invalidMember = (message: string) =>
  new AwsError('ValidationException', `1 validation error detected: ${message}`, {
    status: 400,
    Type: 'User',
  });
