/**
 * An error as AWS sends it. `code` is the name of the error's shape in the service's model (`QueueDoesNotExist`), or the
 * bare code where the model declares none (`ValidationError`). The wire adds what each protocol wants: the legacy code
 * of a query-compatible service, the status that the model declares, the XML envelope.
 */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status. @default what the service's model declares for `code`, else 400 */
  readonly status: number | undefined;
  /** Further members of the error's shape, such as `CancellationReasons`. @default none */
  readonly members: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    { status, ...members }: { status?: number; [member: string]: unknown } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** The embedded AWS does not model this. Always by name, never a silent success. */
export const notModelled = (what: string): AwsError =>
  new AwsError(
    'NotImplemented',
    `The embedded AWS does not model ${what}. docs/local-aws.md lists what it does.`,
    { status: 501 },
  );
