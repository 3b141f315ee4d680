import type { LabEvent, LabResult, ResponseFrame } from '#core/contract/labApi.ts';
import { resolveThreads } from '../compute/computeThreads.ts';
import { chooseBackend, type BackendChoice } from '../native/chooseBackend.ts';
import { Connections, type LabConnection } from './connections/connections.ts';
import type { LabHandlers } from './connections/dispatch.ts';
import { ComparisonService } from './runs/comparisonService.ts';
import { ClusterService } from './runs/clusterService.ts';
import { ExportService } from './runs/exportService.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { FileGrants, type DescribedPath } from './grants/fileGrants.ts';
import { grantTypedPath, listFolder } from './grants/filesService.ts';
import type { GrantKind } from './grants/grantKinds.ts';
import type { LabHome } from '../files/labHome.ts';
import { ProjectService } from './projects/projectService.ts';
import { readingThread, type ReadingThread } from './reading/readingThread.ts';
import { deleteHandler, judgingServices } from './judgingServices.ts';
import { ModelService } from './models/modelService.ts';
import { RecalibrationService } from './runs/recalibrationService.ts';
import { RunService } from './runs/runService.ts';
import { RemoteService } from './remote/remoteService.ts';
import { remoteThread } from './remote/remoteThread.ts';
import { storageThread, type Storage } from './storage/storageThread.ts';
import { findTrash } from '../files/trash.ts';
import { NORMLAB_VERSION } from '../files/version.ts';

interface LabHostOptions {
  readonly home: LabHome;
  /** Folders that the screen may list; paths from system dialogs may lie anywhere. */
  readonly roots: readonly string[];
  readonly sampleFolder: string | null;
  /** Folder of the models that come with NormLab; null where there are none. */
  readonly shippedModels: string | null;
}

/** The lab service behind every screen: Electron's window and the browser tab use the same one. */
export interface LabHost {
  /** Connects a screen that receives every event; null when too many are connected already. */
  connect(listener: (event: LabEvent) => void): LabConnection | null;
  /** Answers one request frame without a connection; null for one that cannot be answered. Never throws. */
  handle(frame: unknown): Promise<ResponseFrame | null>;
  /** Calls `listener` for each following event; returns the function that unsubscribes it. */
  onEvent(listener: (event: LabEvent) => void): () => void;
  /** A grant for a path chosen outside the screen's reach: a system dialog, the command line. */
  grantPath(path: string, kind?: GrantKind): DescribedPath;
  /** Names of the runs that are computing now. */
  runningRuns(): string[];
  /** Saves and stops every run, then ends. */
  close(): Promise<void>;
}

export function createLabHost(options: LabHostOptions): LabHost {
  const tell = (event: LabEvent): void => connections.tell(event);
  const grants = new FileGrants(options.roots);
  const reading = readingThread(
    { cacheFolder: options.home.cache, weightsFolder: options.home.weights },
    tell,
  );
  const storage = storageThread();
  const remote = remoteThread();
  // Loaded now, while no request waits: loading the addon takes a moment.
  const engine = chooseBackend();
  const runs = new RunService(options.home, grants, tell, storage, findTrash(options.home.runs));
  const remotes = new RemoteService({ home: options.home, grants, tell, remote, storage });
  const runOf = (runId: string): string => runs.folderOf(runId);
  const exports = new ExportService(runOf, options.home.cache, grants, tell, reading);
  const clusters = new ClusterService(options.home.cache, grants, tell);
  const models = new ModelService(options.home, options.shippedModels, grants, runOf, tell);
  const comparisons = new ComparisonService(runs, grants, tell, storage);
  const recalibrations = new RecalibrationService(runs, options.home.cache, tell, reading);
  const judging = judgingServices({
    ...{ runOf, grants, tell, home: options.home },
    isFollowed: (runId) => remotes.has(runId),
  });
  const handlers = {
    'lab.describe': () => describeLab(grants, options, engine),
    ...fileHandlers(options, grants, storage),
    ...readingCalls(grants, reading),
    ...runHandlers(runs, exports, remotes),
    'run.delete': deleteHandler(runs, judging.evaluations, judging.pairs),
    ...remoteHandlers(remotes),
    ...recalibrationHandlers(recalibrations),
    ...modelHandlers(models),
    ...comparisonHandlers(comparisons),
    ...clusterHandlers(clusters),
    ...judging.handlers,
  };
  const connections = new Connections(handlers);
  const own = connections.connectionOf({});
  return {
    connect: (listener) => connections.connect(listener),
    handle: (frame) => own.handle(frame),
    onEvent: (listener) => connections.listen(listener),
    grantPath: (path, kind) => grants.grant(path, kind),
    runningRuns: () => runs.runningRuns(),
    close: async () => {
      remotes.close();
      const others = [remote, runs, recalibrations, exports, clusters, models, reading];
      const services = [...others, ...judging.services];
      await Promise.all(services.map((service) => service.close()));
      await storage.finish();
    },
  };
}

type RunMethods = Exclude<
  Extract<keyof LabHandlers, `run.${string}`>,
  'run.plan' | 'run.delete' | RecalibrationMethods
>;
type FileMethods = Extract<keyof LabHandlers, `files.${string}` | `project.${string}`>;
/** The methods that the reading thread answers. */
type ReadingMethods = Extract<keyof LabHandlers, `data.${string}`> | 'run.plan';
type RecalibrationMethods =
  'run.statistics' | 'run.recalibrate' | 'run.cancelRecalibration' | 'run.undoRecalibration';

function fileHandlers(
  options: LabHostOptions,
  grants: FileGrants,
  storage: Storage,
): Pick<LabHandlers, FileMethods> {
  const projects = new ProjectService(options.home, grants, storage);
  return {
    'files.list': ({ folder }) => listFolder(grants, folder, storage),
    'files.grant': ({ path }) => grantTypedPath(grants, path),
    'project.open': ({ file }) => projects.open(file),
    'project.save': ({ project, target }) => projects.save(project, target),
    'project.keepRecovery': async (work) => {
      await projects.keepRecovery(work);
      return {};
    },
    'project.dropRecovery': ({ projectId, copyId }) => {
      projects.dropRecovery(projectId, copyId);
      return {};
    },
    'project.recoveries': () => projects.recoveries(),
    'project.recent': () => projects.recent(),
  };
}

/**
 * A part of a chosen folder, or that folder itself. Throws `AppError('grant-unknown')` where a link leads out of it.
 */
function partOf(grants: FileGrants, folder: string, path: string): DescribedPath {
  const whole = grants.describe(folder);
  const part = whole.path === path ? whole : grants.grantBelow(folder, path, 'folder');
  if (part !== null) return part;
  throw new AppError('grant-unknown', message('files.leadsOut', { path }), { where: path });
}

/** Grants are resolved to paths here: the thread knows no grants. */
function readingCalls(grants: FileGrants, reading: ReadingThread): Pick<LabHandlers, ReadingMethods> {
  const withPath = <P extends { readonly folder: string }>(params: P): P => ({
    ...params,
    folder: grants.resolve(params.folder, 'folder', 'read'),
  });
  return {
    'data.scan': async (params) => {
      const found = await reading.call('scan', withPath(params));
      return { ...found, folder: grants.describe(params.folder) };
    },
    'data.parts': async (params) => {
      const { train, validation, found } = await reading.call('parts', withPath(params));
      return {
        train: partOf(grants, params.folder, train.path),
        validation: validation === null ? null : partOf(grants, params.folder, validation.path),
        found,
      };
    },
    'data.tableHeader': (params) => reading.call('tableHeader', withPath(params)),
    'data.cancelScan': async (params) => {
      await reading.call('cancelScan', params);
      return {};
    },
    'data.thumbnails': (params) => reading.call('thumbnails', withPath(params)),
    'data.samples': (params) => reading.call('samples', withPath(params)),
    'data.images': (params) => reading.call('images', withPath(params)),
    'data.trainingClasses': (params) => reading.call('trainingClasses', withPath(params)),
    'data.drawFiles': (params) => reading.call('drawFiles', withPath(params)),
    'run.plan': ({ project, train, validation }) =>
      reading.call('plan', {
        project,
        train: grants.resolve(train, 'folder', 'read'),
        validation: validation === null ? null : grants.resolve(validation, 'folder', 'read'),
      }),
  };
}

function recalibrationHandlers(service: RecalibrationService): Pick<LabHandlers, RecalibrationMethods> {
  return {
    'run.statistics': ({ runId, checkpoint }) => service.statistics(runId, checkpoint),
    'run.recalibrate': ({ runId, batches, checkpoint }) => service.recalibrate(runId, batches, checkpoint),
    'run.cancelRecalibration': ({ runId }) => {
      service.cancel(runId);
      return {};
    },
    'run.undoRecalibration': ({ runId, checkpoint }) => service.undo(runId, checkpoint),
  };
}

/** Runs that train elsewhere are among the others, but nothing here controls them. */
function runHandlers(
  runs: RunService,
  exports: ExportService,
  remotes: RemoteService,
): Pick<LabHandlers, RunMethods> {
  return {
    'run.start': (request) => runs.start(request),
    'run.pause': ({ runId }) => {
      runs.pause(runId);
      return {};
    },
    'run.resume': async ({ runId, epochs }) => {
      await runs.resume(runId, epochs);
      return {};
    },
    'run.stop': ({ runId }) => {
      runs.stop(runId);
      return {};
    },
    'run.list': async () =>
      [...(await runs.list()), ...(await remotes.list())].sort((a, b) => (a.runId < b.runId ? 1 : -1)),
    'run.details': async ({ runId }) => ((await remotes.has(runId)) ? remotes : runs).details(runId),
    'run.describe': async ({ runId, ...change }) =>
      ((await remotes.has(runId)) ? remotes : runs).describe(runId, change),
    'run.metrics': async ({ runId, from }) =>
      ((await remotes.has(runId)) ? remotes : runs).metrics(runId, from),
    'run.export': (request) => exports.export(request),
    'run.exportDifferences': (request) => exports.differences(request),
    'run.normPreview': (request) => exports.normPreview(request),
    'run.measureFold': (request) => exports.measureFold(request),
    'run.cancelExport': ({ exportId }) => {
      exports.cancel(exportId);
      return {};
    },
  };
}

function clusterHandlers(
  clusters: ClusterService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `cluster.${string}`>> {
  return {
    'cluster.write': (request) => clusters.write(request),
    'cluster.cancel': ({ writeId }) => {
      clusters.cancel(writeId);
      return {};
    },
  };
}

function remoteHandlers(
  remotes: RemoteService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `remote.${string}`>> {
  return {
    'remote.follow': ({ folder }) => remotes.follow(folder),
    'remote.unfollow': async ({ runId }) => {
      await remotes.unfollow(runId);
      return {};
    },
    'remote.import': ({ runId, name }) => remotes.import(runId, name),
  };
}

function comparisonHandlers(
  comparisons: ComparisonService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `policies.${string}`>> {
  return {
    'policies.start': (request) => comparisons.start(request),
    'policies.state': () => comparisons.state(),
    'policies.cancel': ({ seriesId }) => {
      comparisons.cancel(seriesId);
      return {};
    },
  };
}

function modelHandlers(
  models: ModelService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `model.${string}`>> {
  return {
    'model.list': () => models.list(),
    'model.add': (request) => models.add(request),
    'model.remove': async (request) => {
      await models.remove(request);
      return {};
    },
    'model.licence': (request) => models.licence(request),
    'model.inspect': (request) => models.inspect(request),
    'model.import': (request) => models.import(request),
    'model.compare': (request) => models.compare(request),
    'model.cancel': ({ importId }) => {
      models.cancel(importId);
      return {};
    },
  };
}

function describeLab(
  grants: FileGrants,
  { sampleFolder, home }: LabHostOptions,
  { backend, problem }: BackendChoice,
): LabResult<'lab.describe'> {
  const hasTrash = findTrash(home.runs) !== null;
  return {
    version: NORMLAB_VERSION,
    backend: backend.kind,
    backendDescription: backend.description,
    engineProblem: problem,
    precisions: [...backend.precisions],
    threads: resolveThreads(0),
    sampleFolder: sampleFolder === null ? null : grants.grant(sampleFolder, 'folder'),
    hasTrash,
  };
}
