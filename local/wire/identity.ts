/** Who sent a request: the principal behind its signature, or a refusal in the words of the protocol. */
import { AwsError } from '../errors.ts';
import { administrator, type Principal } from '../principal.ts';
import { GLOBAL_SERVICES, isRegion } from '../regions.ts';
import type { World } from '../world.ts';
import type { WireRequest } from './message.ts';
import type { Route } from './route.ts';
import { isOlderSignedBy, olderClaimOf, type OlderClaim } from './signature-v2.ts';
import { claimOf, isSignedBy, timeIn, type Claim } from './signature.ts';

/** How far a signature's time may be from ours. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html */
const TOLERANCE = 15 * 60_000;

export function identify(
  world: World,
  request: WireRequest,
  { protocol }: Pick<Route, 'protocol'>,
): Principal {
  const refuse = REFUSALS[protocol];
  const claim = claimOf(request);
  if (world.policies === 'off') return knownOwner(world, claim);
  if (!claim) return identifyOlder(world, request, protocol);
  if ('missing' in claim) throw incomplete(claim.missing, refuse);
  const signer = signerOf(world, claim, refuse);
  checkScope(world, claim, refuse);
  checkTime(world, claim, refuse);
  if (signer.expires !== undefined && signer.expires <= world.clock.now()) throw refuse.expired();
  if (!isSignedBy(signer.secretAccessKey, claim, request)) throw refuse.mismatch();
  return signer.principal;
}

/** Without a signature of version 4: only S3 still takes those of version 2. */
function identifyOlder(world: World, request: WireRequest, protocol: Route['protocol']): Principal {
  const refuse = REFUSALS[protocol];
  const claim = protocol === 'rest-xml' ? olderClaimOf(request) : undefined;
  if (!claim) throw refuse.unsigned();
  const signer = signerOf(world, claim, refuse);
  if (claim.expires * 1000 < world.clock.now()) throw refuse.overdue();
  if (signer.expires !== undefined && signer.expires <= world.clock.now()) throw refuse.expired();
  if (!isOlderSignedBy(signer.secretAccessKey, claim, request)) throw refuse.mismatch();
  return signer.principal;
}

function signerOf(world: World, { accessKeyId, sessionToken }: Claim | OlderClaim, refuse: Refusals) {
  const signer = world.service('sts').signer(accessKeyId);
  if (!signer || (signer.sessionToken !== undefined && signer.sessionToken !== sessionToken))
    throw refuse.unknownKey();
  return signer;
}

/** Where nothing is enforced, a known key still says who calls, and everybody else is the owner. */
function knownOwner(world: World, claim: ReturnType<typeof claimOf>): Principal {
  const signer = claim && 'accessKeyId' in claim ? world.service('sts').signer(claim.accessKeyId) : undefined;
  return signer?.principal ?? administrator(world.account);
}

function checkScope(world: World, { date, region, service, time }: Claim, refuse: Refusals) {
  if (region !== world.region && !(GLOBAL_SERVICES.has(service) && isRegion(region)))
    throw refuse.wrongRegion(region, world.region);
  if (!time.startsWith(date))
    throw refuse.skewed(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
}

function checkTime({ clock }: World, { time, expires }: Claim, refuse: Refusals) {
  const at = timeIn(time);
  const now = clock.now();
  if (Number.isNaN(at)) throw refuse.skewed(`Date must be in ISO-8601 'basic format'. Got '${time}'.`);
  if (expires !== undefined && now > at + expires * 1000) throw refuse.overdue();
  // The AWS CLI does not follow when time is skipped, so the machine's own time is good as well.
  const earliest = now - clock.skipped() - TOLERANCE;
  if (expires === undefined && at < earliest)
    throw refuse.skewed(
      `Signature expired: ${time} is now earlier than ${basic(now - TOLERANCE)} (${basic(now)} - 15 min.)`,
    );
  if (at > now + TOLERANCE)
    throw refuse.skewed(
      `Signature not yet current: ${time} is still later than ${basic(now + TOLERANCE)} (${basic(now)} + 15 min.)`,
    );
}

const basic = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

function incomplete(missing: string[], refuse: Refusals): AwsError {
  const sentences = missing.map((name) =>
    name === 'Date'
      ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
      : `Authorization header requires '${name}' parameter.`,
  );
  return refuse.incomplete(sentences.join(' '));
}

/** The refusals of one protocol. Codes and texts: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
interface Refusals {
  unsigned(): AwsError;
  incomplete(message: string): AwsError;
  unknownKey(): AwsError;
  expired(): AwsError;
  overdue(): AwsError;
  mismatch(): AwsError;
  skewed(message: string): AwsError;
  wrongRegion(given: string, expected: string): AwsError;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const UNKNOWN = 'The security token included in the request is invalid.';
const EXPIRED = 'The security token included in the request is expired';
const wrongRegion = (given: string) => `Credential should be scoped to a valid region, not '${given}'. `;

const modern = (status: number): Refusals => {
  const refuse = (code: string, message: string) => new AwsError(code, message, { status });
  return {
    unsigned: () => refuse('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    incomplete: (message) => refuse('IncompleteSignatureException', message),
    unknownKey: () => refuse('UnrecognizedClientException', UNKNOWN),
    expired: () => refuse('ExpiredTokenException', EXPIRED),
    overdue: () => refuse('InvalidSignatureException', 'Signature expired'),
    mismatch: () => refuse('InvalidSignatureException', MISMATCH),
    skewed: (message) => refuse('InvalidSignatureException', message),
    wrongRegion: (given) => refuse('InvalidSignatureException', wrongRegion(given)),
  };
};

const query: Refusals = {
  unsigned: () =>
    new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 }),
  incomplete: (message) => new AwsError('IncompleteSignature', message, { status: 400 }),
  unknownKey: () => new AwsError('InvalidClientTokenId', UNKNOWN, { status: 403 }),
  expired: () => new AwsError('ExpiredToken', EXPIRED, { status: 403 }),
  overdue: () => new AwsError('SignatureDoesNotMatch', 'Signature expired', { status: 403 }),
  mismatch: () => new AwsError('SignatureDoesNotMatch', MISMATCH, { status: 403 }),
  skewed: (message) => new AwsError('SignatureDoesNotMatch', message, { status: 403 }),
  wrongRegion: (given) => new AwsError('SignatureDoesNotMatch', wrongRegion(given), { status: 403 }),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3: Refusals = {
  unsigned: () => new AwsError('AccessDenied', 'Access Denied', { status: 403 }),
  incomplete: (message) => new AwsError('AuthorizationHeaderMalformed', message, { status: 400 }),
  unknownKey: () =>
    new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      status: 403,
    }),
  expired: () => new AwsError('ExpiredToken', 'The provided token has expired.', { status: 400 }),
  overdue: () => new AwsError('AccessDenied', 'Request has expired', { status: 403 }),
  mismatch: () =>
    new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { status: 403 },
    ),
  skewed: () =>
    new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        status: 403,
      },
    ),
  wrongRegion: (given, expected) =>
    new AwsError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${given}' is wrong; expecting '${expected}'`,
      { status: 400, Region: expected },
    ),
};

const REFUSALS: Record<Route['protocol'], Refusals> = {
  json: modern(400),
  cbor: modern(400),
  'rest-json': modern(403),
  query,
  'rest-xml': s3,
};
