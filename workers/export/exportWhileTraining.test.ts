import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { lockRun, isLocked } from '../runs/folder/runLock.ts';
import { createTrainControl } from '../training/trainControl.ts';
import { trainRun } from '../training/trainRun.ts';
import { startExport } from './exportClient.ts';
import type { ExportReport } from './exportRequest.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

const FILES = { last: 'checkpoint.safetensors', best: 'best.safetensors' } as const;

function exported(run: string, out: string, checkpoint: CheckpointChoice): Promise<ExportReport> {
  const asked = { run, path: playground.at(out), format: 'safetensors', foldBatchNorm: false } as const;
  return startExport({ ...asked, checkpoint, overwrite: false }, () => undefined).done;
}

/**
 * Identifies a checkpoint among those of a run: before and after the end of an epoch there is one with the same step.
 */
const nameOf = ({ step, epoch }: { readonly step: number; readonly epoch: number }): string =>
  `${step}, ${epoch}`;

/** The bytes of a checkpoint, and its name. */
function readNamed(file: string): [name: string, bytes: Buffer] {
  const bytes = readFileSync(file);
  const { position } = JSON.parse(decodeSafetensors(bytes).metadata['counters'] ?? '{}') as {
    position: Parameters<typeof nameOf>[0];
  };
  return [nameOf(position), bytes];
}

/** The metadata of an exported file about its statistics. */
async function statisticsOf(name: string): Promise<unknown> {
  const { metadata } = decodeSafetensors(await readFile(playground.at(name)));
  return JSON.parse(metadata['normlab.statistics'] ?? 'null');
}

describe('an export of a run that trains in this process', () => {
  it('has the state of one checkpoint, byte for byte, names its step, and lets the run go on', async () => {
    const run = playground.at('live');
    const control = createTrainControl();
    /** Every checkpoint of which the run told, as it was on the disk. */
    const saved = { last: new Map<string, Buffer>(), best: new Map<string, Buffer>() };
    let step = 0;
    let onStep: () => void = () => undefined;
    const until = async (least: number): Promise<void> => {
      while (step < least) await new Promise<void>((resolve) => (onStep = resolve));
    };
    const training = trainRun({
      document: tinyDocument({ epochs: 20_000, learningRate: 0.01 }),
      ...{ train: playground.train, validation: playground.validation, out: run },
      ...{ cacheFolder: playground.cache, backend: referenceBackend, control, checkpointEveryMs: 0 },
      onEvent: (event) => {
        if (event.type !== 'checkpoint') return;
        step = event.step;
        saved.last.set(...readNamed(path.join(run, FILES.last)));
        if (event.best !== null) saved.best.set(...readNamed(path.join(run, FILES.best)));
        onStep();
      },
    }).catch((error: unknown) => error);
    await until(12);
    for (const which of ['last', 'best'] as const) {
      const before = step;
      const report = await exported(run, `${which}.safetensors`, which);
      expect(report).toMatchObject({ checkpoint: which, top1Agreement: 1 });
      expect(await statisticsOf(`${which}.safetensors`)).toMatchObject({
        ...{ checkpoint: which, step: report.step, epochs: report.epochs },
      });
      await until(before + 5);
      // The same export of a run that stands still at this step.
      const still = playground.at(`still-${which}`);
      await cp(run, still, { recursive: true, filter: (file) => !path.basename(file).startsWith('.') });
      const taken = nameOf({ step: report.step, epoch: report.epochs });
      await writeFile(path.join(still, FILES[which]), saved[which].get(taken) ?? '');
      await exported(still, `still-${which}.safetensors`, which);
      expect(await readFile(playground.at(`${which}.safetensors`))).toEqual(
        await readFile(playground.at(`still-${which}.safetensors`)),
      );
    }
    control.stop();
    expect(await training).toMatchObject({ code: 'interrupted' });
  });
});

describe('an export of a run that another process trains', () => {
  it('needs no lock, and the other process goes on', async () => {
    const run = playground.at('other');
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('../training/testing/trainChild.ts', import.meta.url)),
        JSON.stringify({ train: playground.train, out: run, cacheFolder: playground.cache, epochs: 20_000 }),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const savedAfter = async (least: number): Promise<number> => {
        for (;;) {
          const { value, done } = await lines.next();
          const step = Number(/^saved (\d+)$/.exec(String(value))?.[1] ?? NaN);
          if (done === true || step > least) return step;
        }
      };
      const first = await savedAfter(3);
      const { step } = await exported(run, 'other.safetensors', 'last');
      expect(step).toBeGreaterThanOrEqual(first);
      expect(await isLocked(run)).toBe(true);
      expect(await savedAfter(step + 5)).toBeGreaterThan(step);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says when the first checkpoint is due, where there is none yet', async () => {
    const run = playground.at('young');
    await cp(playground.at('live'), run, { recursive: true });
    for (const name of [FILES.last, 'metrics.jsonl']) await rm(path.join(run, name));
    await expect(exported(run, 'young.safetensors', 'last')).rejects.toMatchObject({
      ...{ code: 'run-has-no-weights', said: { key: 'runs.noWeights' } },
    });
    const lock = await lockRun(run);
    const due = (): Promise<unknown> =>
      exported(run, 'young.safetensors', 'last').catch((error: unknown) => error);
    expect(await due()).toMatchObject({
      said: {
        key: 'runs.noWeightsYet',
        values: { due: { key: 'runs.dueAfterStart', values: { seconds: 10 } } },
      },
    });
    const [line = ''] = (await readFile(path.join(playground.at('live'), 'metrics.jsonl'), 'utf8')).split(
      '\n',
    );
    const at = { ...(JSON.parse(line) as object), elapsedMs: 3_400 };
    await writeFile(path.join(run, 'metrics.jsonl'), `${JSON.stringify(at)}\n{"cut`);
    expect(await due()).toMatchObject({
      code: 'run-has-no-weights',
      said: { values: { due: { key: 'runs.dueIn', values: { seconds: 7 } } } },
    });
    await lock.release();
    expect(await readdir(playground.root)).not.toContain('young.safetensors');
  });
});
