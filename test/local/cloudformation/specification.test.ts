import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { extracted } from '../../../local/cloudformation/extract.ts';
import { SPECIFICATION } from '../../../local/cloudformation/specification.ts';

test('specification.json is what the installed @aws-cdk/aws-service-spec says (npx tsx local/cloudformation/extract.ts)', async () => {
  expect(JSON.parse(readFileSync(SPECIFICATION, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(await extracted())),
  );
});
