import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { chooseBackend } from '../native/chooseBackend.ts';
import { readDecisions } from '../runs/metrics/decisionsWriter.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { checkpointTensors, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from './trainRun.ts';

const child = fileURLToPath(new URL('./testing/trainChild.ts', import.meta.url));
const EPOCHS = 60;
const KILLS = 5;

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

/** When to kill: after so many checkpoints (0: when training begins), and so many milliseconds. */
interface Moment {
  readonly checkpoints: number;
  readonly ms: number;
}

/** Runs the child to its end, or kills it at `moment`; returns its output and whether it ended by itself. */
async function runChild(out: string, moment: Moment | null): Promise<{ said: string; ended: boolean }> {
  const { train, validation } = playground;
  const request = { train, validation, cacheFolder: playground.cache, epochs: EPOCHS, out };
  const running = spawn(process.execPath, [child, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaints = '';
  running.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  running.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (moment === null || said.split('\n').length - 2 < moment.checkpoints) return;
    setTimeout(() => running.kill('SIGKILL'), moment.ms);
  });
  const [code] = (await once(running, 'close')) as [number | null];
  if (code !== 0 && code !== null) throw new Error(`the child failed: ${complaints}`);
  return { said, ended: code === 0 };
}

describe(`SIGKILL (${chooseBackend().backend.kind} backend)`, () => {
  it(
    'ends with the same bits as an undisturbed run, killed at random moments',
    { timeout: 300_000 },
    async () => {
      const undisturbed = playground.at('undisturbed');
      await trainRun({
        document: tinyDocument({ epochs: EPOCHS, learningRate: 0.01 }),
        train: playground.train,
        validation: playground.validation,
        out: undisturbed,
        cacheFolder: playground.cache,
      });
      const killed = playground.at('killed');
      const starts: number[] = [];
      let ended = false;
      for (let kill = 0; kill < KILLS && !ended; kill += 1) {
        const moment = { checkpoints: kill * 3 + Math.floor(Math.random() * 20), ms: Math.random() * 8 };
        const attempt = await runChild(killed, moment);
        starts.push(Number(/from (\d+)/.exec(attempt.said)?.[1] ?? NaN));
        ended = attempt.ended;
      }
      if (!ended) expect((await runChild(killed, null)).said).toMatch(/done \d+\n$/);

      expect((await checkpointTensors(killed)).equals(await checkpointTensors(undisturbed))).toBe(true);
      const losses = async (run: string): Promise<unknown[]> =>
        (await readMetrics(run)).flatMap((event) =>
          'loss' in event ? [[event.kind, event.step, event.loss]] : [],
        );
      expect(await losses(killed)).toEqual(await losses(undisturbed));
      const decisions = (run: string): Promise<Buffer> => readFile(path.join(run, 'decisions.bin'));
      expect((await decisions(killed)).equals(await decisions(undisturbed))).toBe(true);
      expect((await readDecisions(killed))?.epochs).toHaveLength(EPOCHS);
      expect((await readdir(killed)).filter((name) => name.startsWith('.'))).toEqual([]);
      // The kills must have hit a run in progress, or this test proves nothing.
      expect(starts.filter((step) => step > 0).length).toBeGreaterThanOrEqual(2);
    },
  );
});
