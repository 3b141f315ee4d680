import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAB_API, type LabMethod, type LabParams, type LabResult } from '#core/contract/labApi.ts';
import { parseDocument } from '#core/document/parse.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { createLabHost, type LabHost } from './labHost.ts';
import { openHostFolder, type HostFolder } from './testing/hostFolder.ts';

/*
 * Processor time that the host's own thread spends on the largest allowed project; other programs do not lengthen it.
 * Passing text to a thread costs a copy, but parsing must cost this thread nothing.
 */
const { data, ...tiny } = tinyDocument();
const excluded = Array.from(
  { length: 150_000 },
  (_, at) => `class-${at % 10}/with/a/long/name/picture-${at}.png`,
);
const project = serializeDocument({ ...tiny, data: { ...data, edits: { ...data.edits, excluded } } });

let folder: HostFolder;
let host: LabHost;
let parseMs: number;
beforeAll(async () => {
  folder = await openHostFolder();
  await mkdir(folder.at('user'));
  host = createLabHost({ home: folder.home, roots: [folder.root], sampleFolder: null, shippedModels: null });
  parseMs = await computed(() => Promise.resolve(parseDocument(project)));
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

/**
 * The smallest of five measurements, in milliseconds, of this thread's computing time until `act` is done. The smallest
 * leaves garbage collection out.
 */
async function computed(act: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const before = process.threadCpuUsage();
    await act();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

let lastId = 0;
async function call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>> {
  const answer = await host.handle({ id: ++lastId, method, params });
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
  return LAB_API[method].result.parse(answer.result) as LabResult<M>;
}

describe('the thread of the host', () => {
  it('leaves parsing, hashing and writing a large project to others', async () => {
    const user = host.grantPath(folder.at('user'), 'folder').grant;
    const { grant } = await call('project.save', { project, target: { folder: user, name: 'large' } });
    const kept = { projectId: 'p', project, history: '', file: grant };
    const works: Readonly<Record<string, () => Promise<unknown>>> = {
      save: () => call('project.save', { project, target: { file: grant } }),
      open: () => call('project.open', { file: grant }),
      keep: () => call('project.keepRecovery', kept),
      recover: () => call('project.recoveries', {}),
    };
    for (const [name, work] of Object.entries(works)) {
      expect(await computed(work), name).toBeLessThan(parseMs / 2);
    }
  });
});
