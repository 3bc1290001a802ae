/** What rotates secrets, when somebody asks for it and when the time has come. */
import type { Timer } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { nextRotation } from './schedule.ts';
import {
  CURRENT,
  holderOf,
  invalidParameter,
  PENDING,
  type Secret,
  type Secrets,
  type Version,
} from './secret.ts';
import { move } from './stages.ts';

export interface Rotator {
  /** Goes through the four steps, with a version that is pending. */
  begin(secret: Secret, version: Version): void;
  /** Tries the function's third step on a version that goes afterwards. */
  rehearse(secret: Secret, token: string): void;
  /** Waits for the next window, if there is one. */
  schedule(secret: Secret): void;
  /** Throws AccessDeniedException. */
  checkInvocable(secret: Secret, functionArn: string): Promise<void>;
  stop(): void;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

export function rotatorOf(world: World, secrets: Secrets): Rotator {
  const { clock, random, durable } = world;
  const { run, checkInvocable } = functionsOf(world);
  const timers = new Map<string, Timer>();
  const schedule = (secret: Secret) => {
    timers.get(secret.arn)?.cancel();
    timers.delete(secret.arn);
    const next = nextRotation(secret);
    if (next)
      timers.set(
        secret.arn,
        clock.after(next.opens - clock.now(), () => due(secret)),
      );
  };
  const begin = (secret: Secret, version: Version) => {
    secret.rotation!.tried = clock.now();
    schedule(secret);
    void run(secret, version, STEPS).then((done) => {
      if (done) secret.rotation!.rotated = secret.changed = clock.now();
      durable?.changed('secretsmanager');
    });
  };
  /** What was put by hand meanwhile has put it off. */
  const due = (secret: Secret) => {
    if (secrets.find(secret.arn) !== secret || secret.deletion !== undefined) return;
    const { opens = Infinity } = nextRotation(secret) ?? {};
    if (opens > clock.now()) return schedule(secret);
    begin(secret, pendingIn(secret) ?? pending(secret, random.uuid(), clock.now()));
    durable?.changed('secretsmanager');
  };
  durable?.onceStarted(() => secrets.all().forEach(schedule));

  return {
    begin,
    rehearse(secret, token) {
      const version = pending(secret, token, clock.now());
      const { value, dataKey } = holderOf(secret, CURRENT) ?? {};
      Object.assign(version, { value, dataKey });
      schedule(secret);
      void run(secret, version, ['testSecret']).then(() => {
        secret.versions = secret.versions.filter((one) => one !== version);
        durable?.changed('secretsmanager');
      });
    },
    schedule,
    checkInvocable,
    stop() {
      for (const timer of timers.values()) timer.cancel();
    },
  };
}

function functionsOf(world: World) {
  const invoke = ({ arn }: Secret, FunctionName: string, input: object) =>
    world.call<{ FunctionError?: string }>(
      servicePrincipal(world.account, 'secretsmanager.amazonaws.com', arn),
      'lambda',
      'Invoke',
      { FunctionName, ...input },
    );
  return {
    /** Whether all went well. What a function says of its failure may tell the secret, so it is in no activity. */
    async run(secret: Secret, { id }: Version, steps: string[]): Promise<boolean> {
      const RotationToken = world.random.uuid();
      for (const Step of steps) {
        const event = { Step, SecretId: secret.arn, ClientRequestToken: id, RotationToken };
        const Payload = Buffer.from(JSON.stringify(event));
        const error = await invoke(secret, secret.rotation!.functionArn, { Payload }).then(
          ({ FunctionError }) => FunctionError,
          (refusal: unknown) => (refusal instanceof AwsError ? refusal.code : 'InternalFailure'),
        );
        world.activity.tell({ kind: 'rotation', secret: secret.name, step: Step, ...(error && { error }) });
        if (error) return false;
      }
      return true;
    },
    async checkInvocable(secret: Secret, functionArn: string): Promise<void> {
      try {
        await invoke(secret, functionArn, { InvocationType: 'DryRun' });
      } catch {
        throw new AwsError(
          'AccessDeniedException',
          'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
        );
      }
    },
  };
}

/** The version that a rotation has begun and not made the current one. */
export function pendingIn(secret: Secret): Version | undefined {
  const version = holderOf(secret, PENDING);
  return version?.stages.includes(CURRENT) ? undefined : version;
}

/** A version that its function is to give a value to. */
export function pending(secret: Secret, id: string, created: number): Version {
  if (secret.versions.some((version) => version.id === id))
    throw invalidParameter(`ClientRequestToken ${id} is in use for another version.`);
  const version: Version = { id, stages: [], created };
  secret.versions.push(version);
  move(secret, version, [PENDING]);
  return version;
}
