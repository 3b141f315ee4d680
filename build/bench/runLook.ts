import { parseArgs } from 'node:util';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { openLook, type Look } from '#workers/pictures/lookSession.ts';

/*
 * `npx node build/bench/runLook.ts [--template NAME] [--side N] [--threads N] [--block ID]`: the time of a Grad-CAM of
 * one image, the first and repeated. With `ONEDNN_MAX_CPU_ISA=AVX2` oneDNN computes as on a CPU without AVX-512. Time
 * of the processor is printed beside that of the clock: other work on the machine does not change it much.
 */

const { values } = parseArgs({
  options: {
    template: { type: 'string', default: 'resnet18' },
    side: { type: 'string', default: '224' },
    threads: { type: 'string', default: '2' },
    block: { type: 'string' },
  },
});
const RUNS = 10;
const side = Number(values.side);
const model = randomModel(
  instantiateTemplate(values.template, { inputShape: [3, side, side], classes: 10, id: 'bench' }),
);
const { backend, note } = chooseBackend();
if (note !== null) console.log(inEnglish(note));
const [image, start] = [randomImages(model, 1), performance.now()];
const look = openLook(model, { backend, threads: Number(values.threads) });
const block = values.block ?? lastWithMap(look);
console.log(
  `${values.template} ${side} x ${side}, block ${block}, ${values.threads} threads, ${backend.description}`,
);
console.log(`opened in ${(performance.now() - start).toFixed(0)} ms`);
for (const method of ['grad-cam', 'grad-cam++'] as const) {
  const times = Array.from({ length: RUNS }, () => timed(() => look.map({ image, method, block, class: 3 })));
  const [first = NaN, ...repeated] = times.map(({ wallMs }) => wallMs);
  const [, ...processor] = times.map(({ processorMs }) => processorMs);
  console.log(
    `${method}: first ${first.toFixed(0)} ms, repeated ${median(repeated).toFixed(0)} ms, at best ${Math.min(...repeated).toFixed(0)} ms (processor ${median(processor).toFixed(0)} ms)`,
  );
}
look.close();

function lastWithMap(opened: Look): string {
  return must(
    opened.blocks().findLast(({ hasMap }) => hasMap),
    'a block with a map',
  ).block;
}

function timed(work: () => unknown): { wallMs: number; processorMs: number } {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(used);
  return { wallMs: performance.now() - begun, processorMs: (user + system) / 1000 };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}
