/**
 * `*` in patterns stands for any run of characters, also none; `\*` and `\\` for themselves.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching
 */

/** The literal runs between the wildcards: `a*b` is `['a', 'b']`. */
export type Wildcard = readonly string[];

/** Throws Error with AWS's reason. Positions count UTF-8 bytes and the opening quote, as recorded against AWS. */
export function wildcard(text: string): Wildcard {
  const runs: string[] = [];
  let run = '';
  const position = (index: number) => 1 + Buffer.byteLength(text.slice(0, index));
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1];
    if (text[i] === '*') {
      if (next === '*') throw new Error(`Consecutive wildcard characters at pos ${position(i)}`);
      runs.push(run);
      run = '';
    } else if (text[i] === '\\') {
      if (next !== '*' && next !== '\\') throw new Error(`Invalid escape character at pos ${position(i)}`);
      run += next;
      i++;
    } else {
      run += text[i];
    }
  }
  return [...runs, run];
}

export function matchesWildcard(runs: Wildcard, text: string): boolean {
  const first = runs[0]!;
  if (runs.length === 1) return text === first;
  const last = runs.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const run of runs.slice(1, -1)) {
    at = text.indexOf(run, at);
    if (at < 0 || at + run.length > end) return false;
    at += run.length;
  }
  return true;
}

/**
 * Whether some text could be at that many places of the wildcards at once that AWS refuses them. AWS counts the
 * simultaneous states of its machine but does not publish its limit. Recorded against AWS: five times `*:` followed by
 * `event-bus/*` (10 by this count) is refused; `/Users/`, a wildcard and five times `/dir` (7) are accepted.
 * https://github.com/aws/event-ruler (MachineComplexityEvaluator)
 */
export function tooComplex(wildcards: Wildcard[]): boolean {
  const steps = wildcards.flatMap(stepsOf);
  const start = wildcards.map((_, i) => wildcards.slice(0, i).reduce((sum, runs) => sum + lengthOf(runs), 0));
  const seen = new Set<string>();
  const waiting = [start];
  for (let places = waiting.pop(); places && seen.size < MOST_SETS; places = waiting.pop()) {
    for (const character of new Set(places.flatMap((place) => steps[place]!.literal ?? []))) {
      const { taken, reached } = step(steps, places, character);
      if (taken >= MOST_AT_ONCE) return true;
      const key = reached.join();
      if (!seen.has(key)) {
        seen.add(key);
        waiting.push(reached);
      }
    }
  }
  return false;
}

const MOST_AT_ONCE = 10;
/** Ends the search in texts that would take too long to judge. */
const MOST_SETS = 5000;

/** One place in a wildcard: what leads on from it, and whether any character stays at it. */
interface Step {
  literal?: string;
  loops: boolean;
}

const lengthOf = (runs: Wildcard) => stepsOf(runs).length;

function stepsOf(runs: Wildcard): Step[] {
  const steps: Step[] = [];
  runs.forEach((run, i) => {
    for (const [j, literal] of Array.from(run).entries()) steps.push({ literal, loops: i > 0 && j === 0 });
  });
  return [...steps, { loops: runs.length > 1 && runs.at(-1) === '' }];
}

function step(steps: Step[], places: number[], character: string) {
  let taken = 0;
  const reached = new Set<number>();
  for (const place of places) {
    const { literal, loops } = steps[place]!;
    if (loops) {
      taken++;
      reached.add(place);
    }
    if (literal === character) {
      taken++;
      reached.add(place + 1);
    }
  }
  return { taken, reached: [...reached].toSorted((a, b) => a - b) };
}
