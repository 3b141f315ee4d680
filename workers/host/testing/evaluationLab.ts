import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import {
  LAB_API,
  type LabEvent,
  type LabMethod,
  type LabParams,
  type LabResult,
} from '#core/contract/labApi.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { trainRun } from '../../training/trainRun.ts';
import { createLabHost, type LabHost } from '../labHost.ts';
import { openHostFolder, type HostFolder } from './hostFolder.ts';

/** For tests: a lab host with a trained run, `RUN`, and its images in `train` (24) and `val` (9). */
export interface EvaluationLab {
  readonly folder: HostFolder;
  readonly host: LabHost;
  readonly events: LabEvent[];
  call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>>;
  /** The code and message of the error with which a call is answered. */
  refusal<M extends LabMethod>(method: M, params: LabParams<M>): Promise<string>;
  /** A grant for a folder below `folder`, which is created. */
  grant(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The id of the run. */
export const RUN = 'trained';

export async function openEvaluationLab(): Promise<EvaluationLab> {
  const folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  await drawImages(folder.at('val'), 3, 2);
  await trainRun({
    document: tinyDocument({ epochs: 4, learningRate: 0.05 }),
    ...{ train: folder.at('train'), validation: folder.at('val'), out: join(folder.home.runs, RUN) },
    ...{ cacheFolder: folder.home.cache, backend: referenceBackend },
  });
  const host = createLabHost({
    ...{ home: folder.home, roots: [folder.root], sampleFolder: null, shippedModels: null },
  });
  const events: LabEvent[] = [];
  host.onEvent((event) => events.push(event));
  let lastId = 0;
  const answer = (method: LabMethod, params: unknown) => host.handle({ id: ++lastId, method, params });
  return {
    ...{ folder, host, events },
    call: async <M extends LabMethod>(method: M, params: LabParams<M>) => {
      const found = await answer(method, params);
      if (found?.ok !== true) throw new Error(JSON.stringify(found));
      return LAB_API[method].result.parse(found.result) as LabResult<M>;
    },
    refusal: async (method, params) => {
      const found = await answer(method, params);
      return found?.ok === false
        ? `${found.error.code}: ${JSON.stringify(found.error.message)}`
        : 'was not refused';
    },
    grant: async (name) => {
      await mkdir(folder.at(name), { recursive: true });
      return host.grantPath(folder.at(name), 'folder').grant;
    },
    close: async () => {
      await host.close();
      await folder.remove();
    },
  };
}

/** The images of `query`, all of them on one page, by `order`. */
export const ALL = { truth: null, decided: null, text: null } as const;
