import { describe, expect, test } from 'vitest';
import { guaranteeFaults, namedBy } from '../../docs/generator/guarantees.ts';

describe('what a test names', () => {
  const named = (source: string) => namedBy('a.test.ts', source).map(({ number, title }) => [number, title]);

  test('are the numbers in its title, in that of its group, and in the rows of its table', () => {
    const source = `
      describe('at most once (I2)', () => {
        test('F18 F24 a second delivery', async () => {});
        it.each([
          ['B01 null', null],
          ['another'],
        ])('%s is refused (F31, I6)', (_, value) => {});
        test(
          "of a rule’s dead letters (F37)",
          () => {},
        );
      });`;
    expect(named(source)).toEqual([
      ['I2', 'at most once'],
      ['F18', 'a second delivery'],
      ['F24', 'a second delivery'],
      ['B01', 'null'],
      ['F31', '%s is refused'],
      ['I6', '%s is refused'],
      ['F37', 'of a rule’s dead letters'],
    ]);
  });

  test('but not what it says elsewhere', () => {
    expect(
      named(`// F01\nconst code = 'B02'; expect(code).toBe('B02'); test('rule F1 of IAM5', () => {});`),
    ).toEqual([]);
  });
});

describe('table and tests disagree', () => {
  const guarantees = { F01: { means: 'a' }, F02: { means: 'b', cannot: 'never' } };
  const tests = (...numbers: string[]) => numbers.map((number) => ({ number, file: 'a.test.ts', title: '' }));
  const faults = (...numbers: string[]) => guaranteeFaults(tests(...numbers), guarantees);

  test('never, when each number has a test or a reason', () => {
    expect(faults('F01')).toEqual([]);
  });
  test('when a number has neither', () => {
    expect(faults()).toEqual([expect.stringContaining('F01 has no test')]);
  });
  test('when what cannot happen is tested', () => {
    expect(faults('F01', 'F02')).toEqual([expect.stringMatching(/^F02 cannot happen.*a\.test\.ts tests it/)]);
  });
  test('when a test names what is not known', () => {
    expect(faults('F01', 'F99')).toEqual(['F99 is not in docs/guarantees/: a.test.ts names it.']);
  });
});
