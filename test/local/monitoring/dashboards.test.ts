import {
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watching } from './watching.ts';

let aws: Awaited<ReturnType<typeof watching>>;
beforeEach(async () => void (aws = await watching()));
afterEach(() => aws.stop());

test('a dashboard is kept as it was given', async () => {
  const DashboardBody = '{"widgets": []}';
  await aws.cloudwatch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
  const DashboardArn = 'arn:aws:cloudwatch::000000000000:dashboard/shop';
  const found = await aws.cloudwatch.send(new GetDashboardCommand({ DashboardName: 'shop' }));
  expect(found).toMatchObject({ DashboardArn, DashboardBody, DashboardName: 'shop' });
  const { DashboardEntries } = await aws.cloudwatch.send(new ListDashboardsCommand({}));
  expect(DashboardEntries).toEqual([
    { DashboardName: 'shop', DashboardArn, Size: 15, LastModified: aws.now() },
  ]);
  await aws.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: ['shop'] }));
  await expect(aws.cloudwatch.send(new GetDashboardCommand({ DashboardName: 'shop' }))).rejects.toThrow(
    'Dashboard shop does not exist',
  );
});

test('its name and its body are checked', async () => {
  const put = (DashboardName: string, DashboardBody: string) =>
    aws.cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
  await expect(put('a b', '{}')).rejects.toThrow(
    'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n',
  );
  await expect(put('a', 'text')).rejects.toThrow('The field DashboardBody must be a valid JSON object.');
});
