/** Dashboards, kept as they are given. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalidValue } from './failures.ts';

export function dashboardOperations({ account, clock, durable }: World) {
  const bodies = new Map<string, { body: string; modified: number }>();
  durable?.map('monitoring/dashboards', bodies);
  const arn = (name: string) => `arn:aws:cloudwatch::${account}:dashboard/${name}`;
  return {
    PutDashboard({ DashboardName = '', DashboardBody = '' }: CloudWatch.PutDashboardCommandInput) {
      if (!/^[\w-]{1,255}$/.test(DashboardName))
        throw invalidValue(
          'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n',
        );
      refuseNoJson(DashboardBody);
      bodies.set(DashboardName, { body: DashboardBody, modified: clock.now() });
      return { DashboardValidationMessages: [] } satisfies Answer<CloudWatch.PutDashboardCommandOutput>;
    },

    GetDashboard({ DashboardName = '' }: CloudWatch.GetDashboardCommandInput) {
      const found = bodies.get(DashboardName);
      if (!found) throw unknown(DashboardName);
      return {
        DashboardArn: arn(DashboardName),
        DashboardBody: found.body,
        DashboardName,
      } satisfies Answer<CloudWatch.GetDashboardCommandOutput>;
    },

    ListDashboards({ DashboardNamePrefix = '' }: CloudWatch.ListDashboardsCommandInput) {
      const named = [...bodies].filter(([name]) => name.startsWith(DashboardNamePrefix));
      return {
        DashboardEntries: named
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { body, modified }]) => ({
            DashboardName: name,
            DashboardArn: arn(name),
            LastModified: new Date(modified),
            Size: Buffer.byteLength(body),
          })),
      } satisfies Answer<CloudWatch.ListDashboardsCommandOutput>;
    },

    DeleteDashboards({ DashboardNames = [] }: CloudWatch.DeleteDashboardsCommandInput) {
      const missing = DashboardNames.find((name) => !bodies.has(name));
      if (missing !== undefined) throw unknown(missing);
      for (const name of DashboardNames) bodies.delete(name);
      return {} satisfies Answer<CloudWatch.DeleteDashboardsCommandOutput>;
    },
  };
}

const unknown = (name: string) =>
  new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, { status: 404 });

function refuseNoJson(body: string) {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return;
  } catch {
    // said below
  }
  throw new AwsError('DashboardInvalidInputError', 'The field DashboardBody must be a valid JSON object.', {
    dashboardValidationMessages: [
      { Message: 'The dashboard body is invalid, it is not a valid JSON object' },
    ],
  });
}
