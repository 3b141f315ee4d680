import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

let folder: HostFolder;
let lab: RunLab;
let runId: string;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  await mkdir(folder.at('out'));
  lab = new RunLab(folder);
  runId = await lab.start({ epochs: 8 });
  await lab.until(() => lab.states().find((s) => s.runId === runId && s.phase === 'finished') ?? null);
});
afterEach(async () => {
  await Promise.all([lab.runs.close(), lab.exports.close()]);
  await folder.remove();
});

const progressOf = (id: string): string[] =>
  lab.events.flatMap((event) =>
    event.event === 'exportProgress' && event.exportId === id ? [event.progress.label.key] : [],
  );

describe('the preview of folding for the screen', () => {
  it('finds nothing to report in a network that was trained as usual', async () => {
    const { findings, blocks } = await lab.exports.normPreview({ runId });
    expect(findings).toEqual([]);
    expect(told(blocks)).toMatchObject([{ node: 'bn1', into: 'conv1', isForward: false }]);
    expect(blocks[0]?.factor).toBeGreaterThan(0);
  });

  it('measures the difference in a thread, with progress', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const begun = performance.now();
    delay.enable();
    const found = await lab.exports.measureFold({ runId, exportId: 'm' });
    delay.disable();
    expect(found).toMatchObject({ generated: false, whole: { top1Agreement: 1 } });
    expect(found.images).toBeGreaterThan(1);
    expect(found.blocks.map(({ node }) => node)).toEqual(['bn1']);
    expect(found.whole?.maxAbsDiff).toBeLessThan(found.whole?.tolerance ?? 0);
    expect(progressOf('m')).toEqual(expect.arrayContaining(['work.reading', 'folding.comparing']));
    expect(delay.max / 1e6).toBeLessThan((performance.now() - begun) / 3);
  });

  it('can be cancelled, and again while it runs is refused', async () => {
    const done = refusal(() => lab.exports.measureFold({ runId, exportId: 'm' }));
    const again = await refusal(() => lab.exports.measureFold({ runId, exportId: 'm' }));
    expect(again.code).toBe('arguments');
    lab.exports.cancel('m');
    expect((await done).code).toBe('interrupted');
  });

  it('of a damaged or absent run says so', async () => {
    expect((await refusal(() => lab.exports.normPreview({ runId: 'none' }))).code).toBe('run-not-found');
    await writeFile(path.join(folder.home.runs, runId, 'checkpoint.safetensors'), 'x');
    expect((await refusal(() => lab.exports.normPreview({ runId }))).code).toBe('run-invalid');
    expect((await refusal(() => lab.exports.measureFold({ runId, exportId: 'm' }))).code).toBe('run-invalid');
  });
});
