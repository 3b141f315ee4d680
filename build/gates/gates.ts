import { runNode } from '../setup/shell.ts';
import { makeWhenStale } from '../setup/stamp.ts';

/** A check that must pass before a change is merged. */
export interface Gate {
  readonly name: string;
  readonly run: () => number;
}

const CACHE = 'build/out/cache';

/** Incremental type check: TypeScript itself determines which files a change affects. */
const types =
  (name: string, project: string, compiler = 'node_modules/typescript/bin/tsc') =>
  () =>
    runNode(compiler, ['-p', project, '--incremental', '--tsBuildInfoFile', `${CACHE}/${name}.tsbuildinfo`]);

/**
 * ESLint's own cache considers one file at a time, but typed rules depend on other files as well: either all files are
 * linted, or nothing has changed.
 */
const LINTED = [
  'core',
  'workers',
  'electron',
  'renderer',
  'cli',
  'build',
  'e2e',
  'eslint.config.js',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.base.json',
  'package-lock.json',
];
const lint = (): number =>
  makeWhenStale('lint', LINTED, 'eslint.config.js', () => runEslint() === 0) ? 0 : 1;
const ESLINT = ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0'] as const;
/** Types of the screen and of all others in one process come near Node's limit of memory, which makes it very slow. */
const runEslint = (): number =>
  runNode('--max-old-space-size=6144', [...ESLINT, 'renderer']) ||
  runNode('--max-old-space-size=6144', [...ESLINT, '--ignore-pattern', 'renderer', '.']);

/** All gates except the tests, fastest first. */
export const GATES: readonly Gate[] = [
  { name: 'import rules', run: () => runNode('build/gates/runImportGate.ts') },
  { name: 'unused exports and files', run: () => runNode('node_modules/knip/bin/knip.js') },
  { name: 'rules of C++', run: () => runNode('build/gates/runNativeGate.ts') },
  { name: 'format of C++', run: () => runNode('build/gates/runFormatGate.ts') },
  {
    name: 'format',
    run: () =>
      runNode('node_modules/prettier/bin/prettier.cjs', [
        ...['--check', '--log-level', 'warn', '.'],
        ...['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE}/prettier`],
      ]),
  },
  { name: 'types of core (no Node, no DOM)', run: types('core', 'core/tsconfig.json') },
  { name: 'types of the Node side', run: types('node', 'tsconfig.json') },
  { name: 'types of the desktop shell', run: types('electron', 'electron/tsconfig.json') },
  { name: 'types of the end-to-end tests', run: types('e2e', 'e2e/tsconfig.json') },
  {
    name: 'types of the screen',
    run: types('screen', 'renderer/tsconfig.json', 'node_modules/vue-tsc/bin/vue-tsc.js'),
  },
  { name: 'lint', run: lint },
];

/** Runs all gates in order, even after a failure; returns how many passed and failed, and the failed ones by name. */
export function runGates(gates: readonly Gate[] = GATES): {
  passed: number;
  failed: number;
  names: readonly string[];
} {
  const names: string[] = [];
  for (const gate of gates) {
    const began = performance.now();
    const status = gate.run();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stderr.write(`${status === 0 ? '  ok  ' : ' FAIL '} ${gate.name} (${seconds} s)\n`);
    if (status !== 0) names.push(`FAILED ${gate.name}`);
  }
  return { passed: gates.length - names.length, failed: names.length, names };
}
