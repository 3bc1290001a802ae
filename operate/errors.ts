/** How a command ends, as its exit code. Every command keeps to these. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, nothing: 4 } as const;

/** The errors of the command line: one line each, with what to do about it. */
const CATALOGUE = {
  FILE_MISSING: {
    exit: EXIT.usage,
    hint: 'Check the path, from the folder that you are in.',
  },
  FILE_NOT_ORDERS: {
    exit: EXIT.usage,
    hint: 'The first line must name the columns of superstore.csv, in any order.',
  },
  BAD_OPTION: { exit: EXIT.usage, hint: 'Run the command with --help for what it takes.' },
  BAD_COMMAND: {
    exit: EXIT.usage,
    hint: 'What may be said is in the catalogue of functions/contracts/index.ts.',
  },
  BAD_INPUT: { exit: EXIT.failed, hint: 'Nothing was sent. Correct the input and send it again.' },
  DATA_FOLDER: {
    exit: EXIT.failed,
    hint: 'Choose another folder with --data, or end the process that has it.',
  },
  PORT_IN_USE: { exit: EXIT.failed, hint: 'Choose another with --port, or end the process that has it.' },
  SYNTH_FAILED: { exit: EXIT.failed, hint: 'Run "npx cdk synth" for the whole output.' },
  DEPLOY_FAILED: {
    exit: EXIT.failed,
    hint: 'Correct the template and deploy again; what was half-made has been rolled back.',
  },
  NOT_DEPLOYED: {
    exit: EXIT.failed,
    hint: 'Deploy it ("npx cdk deploy --all"), or say which one you mean: --stage, --pipeline, AWS_REGION, and AWS_ENDPOINT_URL or a profile.',
  },
  WRONG_ACCOUNT: {
    exit: EXIT.failed,
    hint: 'Choose the profile or the stage that you meant, or correct "context.accounts" in cdk.json.',
  },
  UNKNOWN_NAME: {
    exit: EXIT.failed,
    hint: 'Run "spillway dlq ls" for the dead-letter queues, "spillway status" for the consumers.',
  },
  WRONG_TARGET: { exit: EXIT.usage, hint: 'Nothing was changed.' },
  BAD_TIME: {
    exit: EXIT.usage,
    hint: 'Such as 2h, 3d (ago), 2026-11-21 (UTC), 2026-11-21T09:30:00Z.',
  },
  BAD_PATTERN: {
    exit: EXIT.usage,
    hint: 'Operators: prefix, suffix, equals-ignore-case, wildcard, anything-but, exists, numeric, cidr, and $or around fields.',
  },
  BAD_REPLAY: { exit: EXIT.usage, hint: 'Nothing was replayed.' },
  MAY_REPEAT: {
    exit: EXIT.usage,
    hint: 'It may do again what it did already: say --may-repeat if that is harmless, or name other consumers.',
  },
  NOT_CONFIRMED: { exit: EXIT.usage, hint: 'Say --yes to go on without being asked.' },
  MOVE_RUNNING: { exit: EXIT.failed, hint: 'SQS runs one for a queue at a time: wait for its end.' },
  NO_CREDENTIALS: {
    exit: EXIT.failed,
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "test" and "test" for the embedded AWS.',
  },
  NO_REGION: {
    exit: EXIT.failed,
    hint: 'Set AWS_REGION, or a region in the profile.',
  },
  UNREACHABLE: {
    exit: EXIT.failed,
    hint: 'Look at the network and at AWS_ENDPOINT_URL; "npx spillway local" starts the embedded AWS.',
  },
} as const satisfies Record<string, { exit: number; hint: string }>;

export type OperateErrorCode = keyof typeof CATALOGUE;

/** What went wrong, in words for a person at a terminal; never a stack trace, never a payload. */
export class OperateError extends Error {
  readonly code: OperateErrorCode;
  readonly exit: number;
  readonly hint: string;

  constructor(code: OperateErrorCode, message: string) {
    super(message);
    this.code = code;
    this.exit = CATALOGUE[code].exit;
    this.hint = CATALOGUE[code].hint;
  }

  /** `spillway: CODE: message. hint` */
  get line(): string {
    return `spillway: ${this.code}: ${this.message.replace(/\.$/, '')}. ${this.hint}`;
  }
}
