import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import {
  LAB_API,
  type LabEvent,
  type LabMethod,
  type LabParams,
  type LabResult,
} from '#core/contract/labApi.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { createLabHost } from '#workers/host/labHost.ts';
import { startEvaluation } from '#workers/evaluation/evaluationClient.ts';
import { startClassifyFolder } from '#workers/pictures/classifyFolderClient.ts';
import type { Progress } from '#workers/threads/progress.ts';

/*
 * `npx node build/bench/runLargeFolder.ts RUN FOLDER --what evaluate|classify|cancel`: a run on a folder of many
 * images, through the host and its threads. `evaluate` and `classify` print images per second, the peak memory of the
 * process and the sizes of the answers; `cancel` prints how long each step takes to hear a cancel: until the thread
 * has ended and its files are removed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { what: { type: 'string', default: 'evaluate' }, home: { type: 'string' } },
});
const [run = '', folder = ''] = positionals.map((each) => resolve(each));
const root = values.home === undefined ? mkdtempSync(join(tmpdir(), 'normlab-large-')) : resolve(values.home);
process.env['NORMLAB_HOME'] = root;
const home = openLabHome();
const runId = basename(run);
mkdirSync(home.runs, { recursive: true });
cpSync(run, join(home.runs, runId), { recursive: true });
const host = createLabHost({ home, roots: [root], sampleFolder: null, shippedModels: null });
const listeners = new Set<(event: LabEvent) => void>();
host.onEvent((event) => {
  for (const listener of listeners) listener(event);
});
const began = performance.now();
let mostOwn = 0;
setInterval(() => {
  mostOwn = Math.max(mostOwn, memoryMiB('RssAnon'));
}, 20).unref();
let lastId = 0;

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores; ${folder}`);
const grantOf = (path: string): string => host.grantPath(path, 'folder').grant;
const out = join(root, 'out');
mkdirSync(out, { recursive: true });
if (values.what === 'evaluate') await evaluate();
else if (values.what === 'classify') await classify();
else await cancelEverywhere();
await host.close();
if (values.home === undefined) rmSync(root, { recursive: true, force: true });

/** A call through the host, with the size of its answer as the screen gets it. */
async function call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>> {
  const start = performance.now();
  const answer = must(await host.handle({ id: ++lastId, method, params }), 'answer');
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  console.log(`${method}: ${seconds(performance.now() - start)}, answer ${bytes} bytes, ${memory()}`);
  return LAB_API[method].result.parse(answer.result) as LabResult<M>;
}

async function evaluate(): Promise<void> {
  let [events, bytes] = [0, 0];
  let last: string | null = null;
  listeners.add((event) => {
    events += 1;
    bytes = Math.max(bytes, JSON.stringify(event).length);
    if (event.event === 'evaluationProgress' && event.progress.label.key !== last) {
      last = event.progress.label.key;
      console.log(`  ${seconds(performance.now() - began)} ${last}, ${memory()}`);
    }
  });
  const images = { kind: 'folder', folder: grantOf(folder), part: null } as const;
  const { key } = await call('evaluation.start', { taskId: 'e', runId, statistics: 'stored', images });
  console.log(`${events} events of at most ${bytes} bytes`);
  const { compute, figures } = await call('evaluation.open', key);
  console.log(
    `${figures.images} images, ${compute.imagesPerSecond.toFixed(0)} images/s, batch ${compute.batch}`,
  );
  await call('evaluation.list', { runId });
  const all = { truth: null, decided: null, text: null };
  for (const order of ['wrong', 'unsure', 'sure'] as const)
    await call('evaluation.images', { ...key, query: { order, ...all }, from: 0, count: 200 });
  for (const what of ['report', 'tables'] as const)
    await call('evaluation.write', { taskId: what, ...written(key, what) });
}

function written(key: EvaluationKey, what: 'report' | 'tables') {
  return { ...key, what, language: 'en', folder: grantOf(out), name: what, overwrite: true } as const;
}

async function classify(): Promise<void> {
  const target = { images: grantOf(folder), folder: grantOf(out), name: 'classes', topK: 5, overwrite: true };
  const start = performance.now();
  const { classified } = await call('picture.classifyFolder', { taskId: 'c', runId, ...target });
  console.log(
    `${classified} images, ${(classified / ((performance.now() - start) / 1000)).toFixed(0)} images/s`,
  );
  console.log(`${statSync(join(out, 'classes.csv')).size} bytes`);
}

/** A moment of some work: after its progress has this label, some time later. */
type Moment = readonly [label: string, afterMs: number];

async function cancelEverywhere(): Promise<void> {
  const images = { kind: 'folder', folder, part: null } as const;
  const runFolder = join(home.runs, runId);
  const asked = { run: runFolder, images, keep: 'lab' } as const;
  const moments: Moment[] = [
    ...[0, 300, 1000].map((ms): Moment => ['work.scanning', ms]),
    ...[0, 300, 1500].map((ms): Moment => ['work.decoding', ms]),
    ...[0, 100, 1000].map((ms): Moment => ['work.evaluating', ms]),
    ...[0, 20, 60, 150, 400, 900, 1600].map((ms): Moment => ['work.figures', ms]),
  ];
  for (const moment of moments)
    await cancelAt('evaluation', moment, (onProgress) =>
      startEvaluation({ ...asked, statistics: 'stored', topK: [1, 5], cacheFolder: home.cache }, onProgress),
    );
  for (const moment of [
    ['work.scanning', 100],
    ['work.classifying', 0],
    ['work.classifying', 1500],
  ] as const)
    await cancelAt('classification', moment, (onProgress) =>
      startClassifyFolder(
        ...[
          {
            run: runFolder,
            images: folder,
            file: join(out, 'c.csv'),
            topK: 5,
            overwrite: true,
            cacheFolder: home.cache,
          },
        ],
        onProgress,
      ),
    );
  await cancelWriting({ kind: 'folder', folder: grantOf(folder), part: null });
}

/** Cancels work at a moment and prints how long its thread takes to end. */
async function cancelAt(
  name: string,
  [label, afterMs]: Moment,
  start: (onProgress: (progress: Progress) => void) => { cancel(): void; readonly done: Promise<unknown> },
): Promise<void> {
  let reached: () => void = () => undefined;
  const atLabel = new Promise<void>((resolve) => (reached = resolve));
  const { cancel, done } = start((progress) => {
    if (progress.label.key === label) reached();
  });
  const isOver = done.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );
  const passed = await Promise.race([atLabel.then(() => null), isOver]);
  if (passed === null) await Promise.race([wait(afterMs), isOver]);
  const from = performance.now();
  cancel();
  const outcome = await isOver;
  console.log(
    `${name} ${label} + ${afterMs} ms: ${(performance.now() - from).toFixed(0)} ms, ${passed ?? outcome}`,
  );
}

async function cancelWriting(images: LabParams<'evaluation.start'>['images']): Promise<void> {
  const { key } = await call('evaluation.start', { taskId: 'w', runId, statistics: 'stored', images });
  for (const what of ['report', 'tables'] as const)
    for (const afterMs of [0, 20, 50, 100, 200, 400, 800]) {
      const params = { taskId: `${what} ${afterMs}`, ...written(key, what) };
      const answered = host.handle({ id: ++lastId, method: 'evaluation.write', params });
      await wait(afterMs);
      const from = performance.now();
      await host.handle({ id: ++lastId, method: 'evaluation.cancel', params: { taskId: params.taskId } });
      const answer = await answered;
      const outcome = answer?.ok === true ? 'written before' : 'interrupted';
      console.log(`writing ${what} + ${afterMs} ms: ${(performance.now() - from).toFixed(0)} ms, ${outcome}`);
    }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** Memory of the process in MiB (Linux): its own, without files that are mapped, and all that is resident. */
function memoryMiB(name: 'RssAnon' | 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}

function memory(): string {
  return `own memory at most ${mostOwn} MiB, now ${memoryMiB('RssAnon')}, with mapped files at most ${memoryMiB('VmHWM')}`;
}
