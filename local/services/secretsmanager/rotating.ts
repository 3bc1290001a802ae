/** Rotation by a function, in four steps. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { tokenOf } from './limits.ts';
import { pending, pendingIn, rotatorOf } from './rotator.ts';
import { checkRules } from './schedule.ts';
import { invalidParameter, invalidRequest, named, type Secrets } from './secret.ts';

export function rotating(world: World, secrets: Secrets) {
  const { clock } = world;
  const rotator = rotatorOf(world, secrets);
  return {
    stop: rotator.stop,
    operations: {
      async RotateSecret(input: SecretsManager.RotateSecretCommandInput) {
        const { SecretId, RotationLambdaARN, RotationRules, RotateImmediately = true } = input;
        refuseOthers(input);
        const secret = secrets.active(SecretId);
        const token = rotationToken(input);
        if (RotationRules) checkRules(RotationRules);
        const functionArn = RotationLambdaARN ?? secret.rotation?.functionArn;
        if (functionArn === undefined) throw noFunction();
        await rotator.checkInvocable(secret, functionArn);
        const rules = RotationRules ?? secret.rotation?.rules;
        secret.rotation = { ...secret.rotation, enabled: true, functionArn, rules, tried: clock.now() };
        const unfinished = pendingIn(secret);
        if (unfinished && unfinished.id !== token) {
          rotator.begin(secret, unfinished);
          throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
        }
        if (RotateImmediately) rotator.begin(secret, unfinished ?? pending(secret, token, clock.now()));
        else rotator.rehearse(secret, token);
        return named(secret, token) satisfies Answer<SecretsManager.RotateSecretCommandOutput>;
      },

      CancelRotateSecret({ SecretId }: SecretsManager.CancelRotateSecretCommandInput) {
        const secret = secrets.active(SecretId);
        if (!secret.rotation) throw noFunction();
        secret.rotation.enabled = false;
        rotator.schedule(secret);
        return named(
          secret,
          pendingIn(secret)?.id,
        ) satisfies Answer<SecretsManager.CancelRotateSecretCommandOutput>;
      },
    },
  };
}

/** Only here a missing token has another code. As recorded: https://github.com/localstack/localstack/pull/8308 */
function rotationToken(input: SecretsManager.RotateSecretCommandInput): string {
  try {
    return tokenOf(input);
  } catch (error) {
    throw invalidParameter((error as Error).message);
  }
}

const noFunction = () => invalidRequest('No Lambda rotation function ARN is associated with this secret.');

function refuseOthers(input: SecretsManager.RotateSecretCommandInput): void {
  if (input.ExternalSecretRotationMetadata ?? input.ExternalSecretRotationRoleArn)
    throw notModelled('secrets that are managed by partners (ExternalSecretRotation…)');
}
