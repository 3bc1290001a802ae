/** Condition keys of AWS Secrets Manager. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
import type { Step } from '../dispatch.ts';

export const ofSecrets: Record<string, (step: Step, resource: string) => string | undefined> = {
  'secretsmanager:blockpublicpolicy': ({ input }) => text(input.BlockPublicPolicy),
  'secretsmanager:description': ({ input }) => text(input.Description),
  'secretsmanager:forcedeletewithoutrecovery': ({ input }) => text(input.ForceDeleteWithoutRecovery),
  'secretsmanager:kmskeyid': ({ input }) => text(input.KmsKeyId),
  'secretsmanager:modifyrotationrules': ({ input }) => String(input.RotationRules !== undefined),
  'secretsmanager:name': ({ input }) => text(input.Name),
  'secretsmanager:recoverywindowindays': ({ input }) => text(input.RecoveryWindowInDays),
  'secretsmanager:rotateimmediately': ({ input }) => text(input.RotateImmediately),
  'secretsmanager:rotationlambdaarn': ({ input }) => text(input.RotationLambdaARN),
  'secretsmanager:secretid': ({ input }, resource) => (input.SecretId === undefined ? undefined : resource),
  'secretsmanager:versionid': ({ input }) => text(input.VersionId),
  'secretsmanager:versionstage': ({ operation, input }) =>
    text(
      input.VersionStage ??
        (operation === 'GetSecretValue' && input.VersionId === undefined ? 'AWSCURRENT' : undefined),
    ),
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
