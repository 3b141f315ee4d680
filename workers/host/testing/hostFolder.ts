import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { openLabHome, type LabHome } from '../../files/labHome.ts';

/** For tests of the host: a temporary folder with the lab's home and a folder for the user's files. */
export interface HostFolder {
  /** Real path. */
  readonly root: string;
  readonly home: LabHome;
  at(...names: string[]): string;
  remove(): Promise<void>;
}

export async function openHostFolder(): Promise<HostFolder> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'normlab-host-')));
  return {
    root,
    home: openLabHome(path.join(root, 'home')),
    at: (...names) => path.join(root, ...names),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Text of the tiny project: images of 6 × 6 grey pixels, three classes. */
export function tinyProject(settings: Partial<TrainingSettings> = {}): string {
  return serializeDocument(tinyDocument(settings));
}
