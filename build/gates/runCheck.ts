import { runNode } from '../setup/shell.ts';
import { GATES, runGates } from './gates.ts';

const unitTests = { name: 'unit tests', run: () => runNode('node_modules/vitest/vitest.mjs', ['run']) };
const { passed, failed } = runGates([...GATES, unitTests]);
process.stderr.write(`check: ${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
