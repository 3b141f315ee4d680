import { EventEmitter } from 'node:events';
import type { LabEvent, LabResult, ResponseFrame } from '#core/contract/labApi.ts';
import { resolveThreads } from '../trainer/computeThreads.ts';
import { chooseBackend } from '../native/chooseBackend.ts';
import { DataService } from './dataService.ts';
import { dispatch, type LabHandlers } from './dispatch.ts';
import { exportForScreen } from './exportService.ts';
import { FileGrants, type DescribedPath } from './fileGrants.ts';
import { grantTypedPath, listFolder } from './filesService.ts';
import type { LabHome } from './labHome.ts';
import { planRun } from './planRun.ts';
import { parseProject, ProjectService } from './projectService.ts';
import { RecalibrationService } from './recalibrationService.ts';
import { RunService } from './runService.ts';
import { findTrash } from './trash.ts';
import { NORMLAB_VERSION } from './version.ts';

export interface LabHostOptions {
  readonly home: LabHome;
  /** Folders that the screen may list and name; paths from system dialogs may lie anywhere. */
  readonly roots: readonly string[];
  readonly sampleFolder: string | null;
}

/** The lab service behind every screen: Electron's window and the browser tab speak to the same one. */
export interface LabHost {
  /** Answers one request frame; null for one that cannot be answered. Never throws. */
  handle(frame: unknown): Promise<ResponseFrame | null>;
  /** Calls `listener` for each event from now on; gives the function that ends it. */
  onEvent(listener: (event: LabEvent) => void): () => void;
  /** A grant for a path chosen outside the screen's reach: a system dialog, the command line. */
  grantPath(path: string): DescribedPath;
  /** Names of the runs that are computing now. */
  runningRuns(): string[];
  /** Saves and stops every run, then ends. */
  close(): Promise<void>;
}

export function createLabHost(options: LabHostOptions): LabHost {
  const events = new EventEmitter();
  const tell = (event: LabEvent): void => void events.emit('event', event);
  const grants = new FileGrants(options.roots);
  const data = new DataService(grants, tell, options.home.cache);
  const trash = findTrash(options.home.runs);
  const runs = new RunService(options.home, grants, tell, trash);
  const recalibrations = new RecalibrationService(runs, options.home.cache, tell);
  const handlers = {
    ...handlersOf(options, grants, data),
    ...runHandlers(options.home, grants, runs),
    ...recalibrationHandlers(recalibrations),
  };
  return {
    handle: (frame) => dispatch(handlers, frame),
    onEvent: (listener) => {
      events.on('event', listener);
      return () => events.off('event', listener);
    },
    grantPath: (path) => grants.grant(path),
    runningRuns: () => runs.runningRuns(),
    close: async () => {
      data.close();
      await Promise.all([runs.close(), recalibrations.close()]);
    },
  };
}

type RunMethods = Exclude<Extract<keyof LabHandlers, `run.${string}`>, 'run.plan' | RecalibrationMethods>;
type RecalibrationMethods =
  'run.statistics' | 'run.recalibrate' | 'run.cancelRecalibration' | 'run.undoRecalibration';

function handlersOf(
  options: LabHostOptions,
  grants: FileGrants,
  data: DataService,
): Omit<LabHandlers, RunMethods | RecalibrationMethods> {
  const projects = new ProjectService(options.home, grants);
  return {
    'lab.describe': () => describeLab(grants, options),
    'files.list': ({ folder }) => listFolder(grants, folder),
    'files.grant': ({ path }) => grantTypedPath(grants, path),
    'project.open': ({ file }) => projects.open(file),
    'project.save': ({ project, target }) => projects.save(project, target),
    'project.keepRecovery': async (work) => {
      await projects.keepRecovery(work);
      return {};
    },
    'project.dropRecovery': ({ projectId }) => {
      projects.dropRecovery(projectId);
      return {};
    },
    'project.recoveries': () => projects.recoveries(),
    'project.recent': () => projects.recent(),
    'data.scan': ({ folder, scanId }) => data.scan(folder, scanId),
    'data.cancelScan': ({ scanId }) => {
      data.cancel(scanId);
      return {};
    },
    'data.thumbnails': ({ folder, className, count, sizePx }) =>
      data.thumbnails(folder, className, count, sizePx),
    'data.samples': ({ folder, ...asked }) => data.sampled(folder, asked),
    'data.images': (request) => data.images(request),
    'data.trainingClasses': ({ folder, view }) => data.trainingClasses(folder, view),
    'data.drawFiles': ({ folder, files, sizePx }) => data.drawFiles(folder, files, sizePx),
    'run.plan': ({ project, train, validation }) =>
      planRun({
        document: parseProject(project),
        train: grants.resolve(train),
        validation: validation === null ? null : grants.resolve(validation),
        cacheFolder: options.home.cache,
      }),
  };
}

function recalibrationHandlers(service: RecalibrationService): Pick<LabHandlers, RecalibrationMethods> {
  return {
    'run.statistics': ({ runId }) => service.statistics(runId),
    'run.recalibrate': ({ runId, batches }) => service.recalibrate(runId, batches),
    'run.cancelRecalibration': ({ runId }) => {
      service.cancel(runId);
      return {};
    },
    'run.undoRecalibration': ({ runId }) => service.undo(runId),
  };
}

function runHandlers(home: LabHome, grants: FileGrants, runs: RunService): Pick<LabHandlers, RunMethods> {
  return {
    'run.start': (request) => runs.start(request),
    'run.pause': ({ runId }) => {
      runs.pause(runId);
      return {};
    },
    'run.resume': async ({ runId }) => {
      await runs.resume(runId);
      return {};
    },
    'run.stop': ({ runId }) => {
      runs.stop(runId);
      return {};
    },
    'run.list': () => runs.list(),
    'run.details': ({ runId }) => runs.details(runId),
    'run.describe': ({ runId, ...change }) => runs.describe(runId, change),
    'run.delete': async ({ runId, isFinal }) => {
      await runs.delete(runId, isFinal);
      return {};
    },
    'run.metrics': ({ runId, from }) => runs.metrics(runId, from),
    'run.export': ({ runId, ...request }) =>
      exportForScreen(grants, { runFolder: runs.folderOf(runId), cacheFolder: home.cache }, request),
  };
}

function describeLab(grants: FileGrants, { sampleFolder, home }: LabHostOptions): LabResult<'lab.describe'> {
  const hasTrash = findTrash(home.runs) !== null;
  const { backend, note } = chooseBackend();
  return {
    version: NORMLAB_VERSION,
    backend: backend.kind,
    backendDescription: note ?? backend.description,
    precisions: [...backend.precisions],
    threads: resolveThreads(0),
    sampleFolder: sampleFolder === null ? null : grants.grant(sampleFolder),
    hasTrash,
  };
}
