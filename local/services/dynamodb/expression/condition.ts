/** The grammar of ConditionExpression, FilterExpression and KeyConditionExpression. */
import {
  cached,
  call,
  list,
  parsed,
  path,
  placeholder,
  REDUNDANT_PARENTHESES,
  type FunctionCall,
  type Parsed,
  type Path,
  type Placeholder,
  type Reading,
} from './syntax.ts';
import { tokensOf } from './tokens.ts';

export type Operand = Path | Placeholder | FunctionCall<Operand>;

export type Condition =
  | { kind: 'compare'; operator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; among: Operand[] }
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | FunctionCall<Operand>;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** How many operands each function takes. */
export const FUNCTIONS: Record<string, number> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

export const conditionExpression = cached((text) => parse('ConditionExpression', text));
export const filterExpression = cached((text) => parse('FilterExpression', text));
export const keyConditionExpression = cached((text) => parse('KeyConditionExpression', text));

const parse = (parameter: string, text: string): Parsed<Condition> =>
  parsed(parameter, tokensOf(parameter, text, KEYWORDS), grammar);

const KEYWORDS = ['AND', 'OR', 'NOT', 'IN', 'BETWEEN'];
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

/** What stands between two AND: until an operator is seen an operand may yet become one side of a comparison. */
type Term = Condition | Operand;

function grammar(reading: Reading): Condition {
  const { tokens } = reading;
  const { inParentheses, operand, anyOperand, valueOf, misused } = operands(reading);
  let operators = 0;

  const either = (): Term => {
    let left = both();
    while (tokens.is('OR')) left = joined('or', left, both);
    return left;
  };
  const both = (): Term => {
    let left = negated();
    while (tokens.is('AND')) left = joined('and', left, negated);
    return left;
  };
  const joined = (kind: 'and' | 'or', before: Term, then: () => Term): Condition => {
    const left = asCondition(before);
    tokens.next();
    operators++;
    return { kind, left, right: asCondition(then()) };
  };
  const negated = (): Term => {
    if (!tokens.skip('NOT')) return compared();
    operators++;
    return { kind: 'not', condition: asCondition(negated()) };
  };
  const compared = (): Term => {
    const left = tokens.is('(') ? inParentheses(either) : anyOperand();
    if (!isOperand(left) || !tokens.is(...COMPARATORS, 'BETWEEN', 'IN')) return left;
    operators++;
    return comparison(valueOf(left), tokens.next().text.toUpperCase());
  };
  const comparison = (left: Operand, operator: string): Condition => {
    if (operator === 'IN') return { kind: 'in', operand: left, among: among() };
    if (operator !== 'BETWEEN')
      return { kind: 'compare', operator: operator as Comparator, left, right: operand() };
    const low = operand();
    tokens.expect('AND');
    return { kind: 'between', operand: left, low, high: operand() };
  };
  const among = (): Operand[] => {
    const all = list(tokens, operand);
    if (all.length <= MOST_IN) return all;
    throw tokens.refused(
      `The IN operator is provided with too many operands; number of operands: ${all.length}`,
    );
  };
  const asCondition = (term: Term): Condition => {
    if (term.kind === 'path' || term.kind === 'value') throw tokens.unexpected();
    if (term.kind === 'call' && term.name === 'size') misused(term.name);
    return term;
  };

  const condition = asCondition(either());
  if (operators <= MOST_OPERATORS) return condition;
  throw tokens.refused(`The expression contains too many operators; operator count: ${MOST_OPERATORS + 1}`);
}

/** The grammar of operands, and of parentheses around operands and conditions alike. */
function operands(reading: Reading) {
  const { tokens, faults } = reading;
  const parenthesized = new WeakSet<Term>();

  const inParentheses = <Node extends Term>(inner: () => Node): Node => {
    tokens.expect('(');
    const node = inner();
    tokens.expect(')');
    if (parenthesized.has(node)) faults.parentheses ??= REDUNDANT_PARENTHESES;
    parenthesized.add(node);
    return node;
  };
  /** A path, a value, or any function. */
  const anyOperand = (): Operand => {
    const { kind, text } = tokens.peek();
    if (kind === 'value') return placeholder(reading);
    if (kind !== 'word' || !tokens.isFollowedBy('(')) return path(reading);
    if (!Object.hasOwn(FUNCTIONS, text))
      faults.unknownFunction ??= `Invalid function name; function: ${text}`;
    return call(reading, operand);
  };
  /** What can be compared. */
  const operand = (): Operand => valueOf(tokens.is('(') ? inParentheses(operand) : anyOperand());
  /** Only `size` gives a value; every other function is a condition itself. */
  const valueOf = (it: Operand): Operand => {
    if (it.kind === 'call' && it.name !== 'size') misused(it.name);
    return it;
  };
  const misused = (name: string) => {
    faults.misusedFunction ??= `The function is not allowed to be used this way in an expression; function: ${name}`;
  };
  return { inParentheses, operand, anyOperand, valueOf, misused };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST_OPERATORS = 300;
const MOST_IN = 100;

const isOperand = (term: Term): term is Operand =>
  term.kind === 'path' || term.kind === 'value' || term.kind === 'call';
