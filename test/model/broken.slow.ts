import { MUTANTS } from './mutants.js';
import { REAL } from './ledger.js';
import { search, told } from './search.js';

describe('a decider that breaks a rule is caught', () => {
  let caught = 0;
  afterAll(() => void process.stdout.write(`${caught} of ${MUTANTS.length} mutants caught\n`));

  it.each(MUTANTS)('$name: $caughtBy', ({ name, broken, caughtBy, model }) => {
    const { violation } = search(model, { ...REAL, ...broken });
    process.stdout.write(`${name}\n    ${told(violation)}\n`);
    expect(told(violation).startsWith(caughtBy) ? caughtBy : told(violation)).toBe(caughtBy);
    caught++;
  });
});
