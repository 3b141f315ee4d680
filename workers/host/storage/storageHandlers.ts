import { documentHash } from '#core/document/documentHash.ts';
import type { RunProject } from '#core/contract/run.ts';
import { detailsOf } from '../../runs/folder/runKeeping.ts';
import { readRun, readRuns } from '../../runs/list/runsOnDisk.ts';
import { MetricsReaders } from '../../runs/metrics/metricsReader.ts';
import { openProject, parseProject, saveProject, type ProjectSave } from './projectFile.ts';
import { policyVariants, seriesFacts } from './policyVariants.ts';
import { readEntries } from './readEntries.ts';
import { keepCopy, readCopies, type RecoveryCopy } from './recoveryCopies.ts';

/**
 * The methods that read and write files of the user and the lab as a whole: projects, unsaved work, runs, their
 * metrics, listings. All paths here have been resolved by the host.
 */
export function storageHandlers() {
  const readers = new MetricsReaders();
  return {
    openProject: ({ path, weightsFolder }: { path: string; weightsFolder: string }) =>
      openProject(path, weightsFolder),
    saveProject: (asked: ProjectSave) => saveProject(asked),
    projectOf: ({ project }: { project: string }): RunProject => {
      const document = parseProject(project);
      return { id: document.id, name: document.name, hash: documentHash(document) };
    },
    policyVariants,
    seriesFacts,
    keepCopy: ({ file, copy }: { file: string; copy: Omit<RecoveryCopy, 'savedAtMs'> }) =>
      keepCopy(file, copy),
    copies: ({ folder }: { folder: string }) => readCopies(folder),
    listFolder: ({ path }: { path: string }) => readEntries(path),
    runs: ({ folder }: { folder: string }) => readRuns(folder),
    run: ({ folder, runId }: { folder: string; runId: string }) => readRun(folder, runId),
    details: ({ folder }: { folder: string }) => detailsOf(folder),
    metrics: ({ file, from }: { file: string; from: number }) => readers.of(file).read(from),
  };
}
export type StorageHandlers = ReturnType<typeof storageHandlers>;
