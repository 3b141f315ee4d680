import { runNode } from '../setup/shell.ts';

/** A check that must pass before anything lands. */
export interface Gate {
  readonly name: string;
  readonly run: () => number;
}

const tsc = (project: string) => () => runNode('node_modules/typescript/bin/tsc', ['-p', project]);

/** All gates but the tests themselves, cheapest first. */
export const GATES: readonly Gate[] = [
  { name: 'import rules', run: () => runNode('build/gates/runImportGate.ts') },
  {
    name: 'format',
    run: () => runNode('node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  },
  { name: 'types of core (no Node, no DOM)', run: tsc('core/tsconfig.json') },
  { name: 'types of the Node side', run: tsc('tsconfig.json') },
  { name: 'types of the desktop shell', run: tsc('electron/tsconfig.json') },
  { name: 'types of the end-to-end tests', run: tsc('e2e/tsconfig.json') },
  {
    name: 'types of the screen',
    run: () => runNode('node_modules/vue-tsc/bin/vue-tsc.js', ['-p', 'renderer/tsconfig.json']),
  },
  { name: 'lint', run: () => runNode('node_modules/eslint/bin/eslint.js', ['--max-warnings', '0', '.']) },
];

/** Runs the gates in order, stops at none, and gives how many passed and failed. */
export function runGates(gates: readonly Gate[] = GATES): { passed: number; failed: number } {
  let failed = 0;
  for (const gate of gates) {
    const began = performance.now();
    const status = gate.run();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stderr.write(`${status === 0 ? '  ok  ' : ' FAIL '} ${gate.name} (${seconds} s)\n`);
    if (status !== 0) failed += 1;
  }
  return { passed: gates.length - failed, failed };
}
