/** Temporary credentials: issued, found again by their access key, forgotten when they have expired. */
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';

/** What a signature is checked with, and whom it stands for. */
export interface Signer {
  secretAccessKey: string;
  /** Must come with the request. @default none */
  sessionToken?: string;
  principal: Principal;
  /** Milliseconds since 1970. @default never */
  expires?: number;
}

export function issuer({ clock, random, durable }: World) {
  const shelf = durable?.shelf<Signer>('sts/issued');
  const issued = new Map(shelf?.records());
  const forgetExpired = () => {
    for (const [id, { expires = Infinity }] of issued)
      if (expires < clock.now()) {
        issued.delete(id);
        shelf?.delete(id);
      }
  };
  forgetExpired(); // what an earlier process issued
  return {
    find: (accessKeyId: string): Signer | undefined => issued.get(accessKeyId),
    issue(principal: Principal, seconds: number) {
      if (issued.size % 1000 === 999) forgetExpired();
      const expires = clock.now() + seconds * 1000;
      const AccessKeyId = `ASIA${random.letters(16).toUpperCase()}`;
      const SecretAccessKey = random.letters(40);
      const SessionToken = random.letters(160);
      const signer = {
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        principal,
        expires,
      };
      issued.set(AccessKeyId, signer);
      shelf?.put(AccessKeyId, signer);
      return { AccessKeyId, SecretAccessKey, SessionToken, Expiration: new Date(expires) };
    },
  };
}
