/** An error of a control, as application/problem+json. https://www.rfc-editor.org/rfc/rfc9457 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export function problemOf(error: unknown): { status: number; code: string; title: string; hint?: string } {
  if (!(error instanceof Problem)) {
    const title = error instanceof Error ? error.message : String(error);
    return { status: 500, code: 'INTERNAL', title };
  }
  const { status, code, message: title, hint } = error;
  return { status, code, title, ...(hint !== undefined && { hint }) };
}
