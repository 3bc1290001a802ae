import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../apigateway/api.ts';
import { startEcho, type HttpApi } from './api.ts';

let aws: HttpApi;
beforeAll(async () => {
  aws = await startEcho(
    [
      'ANY /{proxy+}',
      'GET /pets/{proxy+}',
      'GET /pets/dog/{id}',
      'GET /pets/dog/1',
      'ANY /pets/dog/1',
      '$default',
    ],
    {},
    '({ statusCode: 200, body: event.routeKey + " " + JSON.stringify(event.pathParameters ?? null) })',
  );
});
afterAll(() => aws.stop());

/** The example of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html, and more. */
test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1 null'],
  ['POST', '/pets/dog/1', 'ANY /pets/dog/1 null'],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id} {"id":"2"}'],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+} {"proxy":"cat/1"}'],
  ['POST', '/test/5', 'ANY /{proxy+} {"proxy":"test/5"}'],
  ['POST', '/', '$default null'],
])('%s %s goes to the most specific route', async (method, path, expected) => {
  expect((await aws.call(path, { method })).text).toBe(expected);
});

test('it is served under the same addresses as REST APIs', async () => {
  for (const [path, host] of [
    [`/_aws/execute-api/${aws.ApiId}/test/5`, undefined],
    [`/_aws/execute-api/${aws.ApiId}/$default/test/5`, undefined],
    [`/restapis/${aws.ApiId}/$default/_user_request_/test/5`, undefined],
    ['/test/5', `${aws.ApiId}.execute-api.localhost:4566`],
    ['/test/5', `${aws.ApiId}.execute-api.eu-west-1.amazonaws.com`],
  ] as const)
    expect((await send(aws, path, host ? { headers: { host } } : {})).text).toBe(
      'ANY /{proxy+} {"proxy":"test/5"}',
    );
});
