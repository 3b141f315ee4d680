import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import { tinyDocument, tinyProgram } from '#core/training/testing/tinyRun.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { writeExactStatistics } from './exactStatisticsFile.ts';
import { claimRunFolder } from '../folder/runFolder.ts';
import { FRESH_COUNTERS } from '../../training/trainSession.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'normlab-exact-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const pass = (batches: number): StatisticsPass => ({
  ...{ batches, images: batches, passes: 1, errors: [], judged: null },
});

it('puts exact statistics of the averages into the file, and training goes on from the moving ones', async () => {
  const document = tinyDocument({ averaging: { kind: 'ema', decay: 0.9, validate: 'average' } });
  const layout = tinyProgram(document, 'train').state;
  const { averageOffset = NaN, statisticsOffset, statisticsSize, totalSize } = layout;
  const run = await claimRunFolder(join(home, 'run'), false);
  const state = Float32Array.from({ length: totalSize }, (_, index) => index / 8);
  await saveCheckpoint(run, layout, state, FRESH_COUNTERS);
  const empty = (): Float32Array => new Float32Array(totalSize);
  const [ema, raw] = [7, 5].map((value) => new Float32Array(statisticsSize).fill(value));

  await writeExactStatistics(run, layout, empty, 'ema', { statistics: ema ?? empty(), pass: pass(3) });
  await writeExactStatistics(run, layout, empty, 'raw', { statistics: raw ?? empty(), pass: pass(9) });

  const stored = empty();
  expect(await loadCheckpoint(run, layout, stored, 'inference')).toMatchObject({
    statistics: 'exact',
    averageStatistics: 'exact',
    pass: pass(9),
    averagePass: pass(3),
  });
  const expected = state.slice();
  expected.fill(5, statisticsOffset, statisticsOffset + statisticsSize);
  expected.fill(7, averageOffset + statisticsOffset, averageOffset + statisticsOffset + statisticsSize);
  expect(stored).toEqual(expected);

  const resumed = empty();
  expect(await loadCheckpoint(run, layout, resumed, 'training')).toMatchObject({
    statistics: 'moving-average',
    averageStatistics: 'moving-average',
  });
  expect(resumed).toEqual(state);

  await writeExactStatistics(run, layout, empty, 'raw', null);
  const back = empty();
  expect(await loadCheckpoint(run, layout, back, 'inference')).toMatchObject({
    statistics: 'moving-average',
    averageStatistics: 'exact',
    pass: null,
    averagePass: pass(3),
  });
  expected.set(state.slice(statisticsOffset, statisticsOffset + statisticsSize), statisticsOffset);
  expect(back).toEqual(expected);
  await writeExactStatistics(run, layout, empty, 'ema', null);
  await writeExactStatistics(run, layout, empty, 'ema', null);
  await loadCheckpoint(run, layout, back, 'inference');
  expect(back).toEqual(state);
});
