/** A synthesized CloudFormation template, read by type and by reference. */
export class Template {
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(json: { Resources?: Record<string, Omit<Partial<Resource>, 'id'> & { Type: string }> }) {
    this.#resources = new Map(
      Object.entries(json.Resources ?? {}).map(([id, resource]) => [id, { Properties: {}, ...resource, id }]),
    );
  }

  ofType(type: string): Resource[] {
    return [...this.#resources.values()].filter(({ Type }) => Type === type);
  }

  /** The resource that a `Ref` or `Fn::GetAtt` means. Undefined for anything else, such as an ARN of elsewhere. */
  referred(value: unknown): Resource | undefined {
    const id = referredId(value);
    return id === undefined ? undefined : this.#resources.get(id);
  }
}

export interface Resource {
  readonly id: string;
  readonly Type: string;
  // JSON of hundreds of types: each check says what it expects where it looks.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The logical id in a `Ref` or `Fn::GetAtt`. */
export function referredId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('Ref' in value) return value.Ref as string;
  if ('Fn::GetAtt' in value) return String([value['Fn::GetAtt']].flat()[0]).split('.')[0];
  return undefined;
}

/** Whether two values are the same text once they are resolved. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One or many, as policies and patterns allow. */
export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];
