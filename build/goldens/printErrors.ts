import type { Backend, ComputePrecision } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { describeEngineProblem } from '#workers/native/engineProblem.ts';
import { loadNativeBackend } from '#workers/native/loadNativeBackend.ts';
import { goldenErrors } from './goldenErrors.ts';
import { readGoldens, type Golden } from './goldenFile.ts';
import { replay } from './replay.ts';
import { REFERENCE_STEPS } from './tolerances.ts';

/*
 * `npm run goldens`: the worst error of every family of operations, optimizer and built-in network against PyTorch, per
 * precision, as a table for docs/exactness.md. With `--each`, one line per case.
 */
interface Engine {
  readonly backend: Backend;
  readonly precision: ComputePrecision;
}

interface Worst {
  readonly error: number;
  readonly where: string;
}

const each = process.argv.includes('--each');

function engines(): Engine[] {
  const native = loadNativeBackend();
  if ('problem' in native) console.error(describeEngineProblem(native.problem));
  const backends = [referenceBackend, ...('backend' in native ? [native.backend] : [])];
  for (const { kind, description } of backends) console.log(`${kind}: ${description}`);
  return backends.flatMap((backend) => backend.precisions.map((precision) => ({ backend, precision })));
}

/** NaN where the slow reference backend skips a training. */
function worstOf(engine: Engine, golden: Golden): Worst {
  const steps = engine.precision === 'f64' ? REFERENCE_STEPS[golden.case.name] : undefined;
  if (steps === 0) return { error: NaN, where: '' };
  return goldenErrors(golden, replay(engine, golden.case, steps)).reduce<Worst>(
    (worst, { quantity, largest, norm }) => {
      const error = engine.precision === 'bf16' ? norm : largest;
      return error > worst.error ? { error, where: `${golden.case.name}: ${quantity}` } : worst;
    },
    { error: 0, where: '' },
  );
}

function rowName({ case: { family, name } }: Golden): string {
  return each || family === 'template' || family === 'optimizer' ? `${family}: ${name}` : family;
}

function inWords(error: number): string {
  return Number.isNaN(error) ? '–' : error.toExponential(1);
}

const all = engines();
for (const file of ['operations', 'training'] as const) {
  const { torch, goldens } = readGoldens(file);
  console.log(`\n${file}, ${goldens.length} cases, against PyTorch ${torch}\n`);
  console.log(`| | ${all.map(({ precision }) => precision).join(' | ')} | worst of all at |`);
  console.log(`|---|${'---|'.repeat(all.length + 1)}`);
  for (const name of new Set(goldens.map(rowName))) {
    const group = goldens.filter((golden) => rowName(golden) === name);
    const worst = all.map((engine) =>
      group.map((golden) => worstOf(engine, golden)).reduce((a, b) => (b.error > a.error ? b : a)),
    );
    const last = worst.at(-1)?.where ?? '';
    console.log(`| ${name} | ${worst.map(({ error }) => inWords(error)).join(' | ')} | ${last} |`);
  }
}
