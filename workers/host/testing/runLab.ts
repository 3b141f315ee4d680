import type { LabEvent } from '#core/contract/labApi.ts';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { RunPhase, RunState } from '#core/contract/run.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { ComparisonService } from '../runs/comparisonService.ts';
import { ExportService } from '../runs/exportService.ts';
import { FileGrants } from '../grants/fileGrants.ts';
import { RecalibrationService } from '../runs/recalibrationService.ts';
import { RunService } from '../runs/runService.ts';
import { readingHandlers } from '../reading/readingHandlers.ts';
import { storageHandlers } from '../storage/storageHandlers.ts';
import { inlineCalls } from '../../threads/testing/inlineCalls.ts';
import type { Trash } from '../../files/trash.ts';
import { tinyProject, type HostFolder } from './hostFolder.ts';

/** For tests of the host: the run services over a home folder, and all events that they sent. */
export class RunLab {
  readonly events: LabEvent[] = [];
  readonly runs: RunService;
  readonly recalibrations: RecalibrationService;
  readonly comparisons: ComparisonService;
  readonly exports: ExportService;
  readonly grants: FileGrants;
  readonly train: string;
  private readonly listeners = new Set<() => void>();

  constructor(folder: HostFolder, trash: Trash | null = null) {
    const grants = new FileGrants([folder.root]);
    this.grants = grants;
    this.train = grants.grant(folder.at('train')).grant;
    const tell = (event: LabEvent): void => {
      this.events.push(event);
      for (const listener of this.listeners) listener();
    };
    const storage = inlineCalls(storageHandlers());
    this.runs = new RunService(folder.home, grants, tell, storage, trash);
    this.comparisons = new ComparisonService(this.runs, grants, tell, storage);
    const reading = inlineCalls(
      readingHandlers({ cacheFolder: folder.home.cache, weightsFolder: folder.home.weights }, tell),
    );
    const runOf = (runId: string): string => this.runs.folderOf(runId);
    this.exports = new ExportService(runOf, folder.home.cache, grants, tell, reading);
    this.recalibrations = new RecalibrationService(this.runs, folder.home.cache, tell, reading);
  }

  async start(settings: Parameters<typeof tinyProject>[0] = {}, name = 'Tiny net'): Promise<string> {
    const project = tinyProject({ precision: 'f32', threads: 1, ...settings });
    const { runId } = await this.runs.start({ project, name, train: this.train, validation: null });
    return runId;
  }

  states(): RunState[] {
    return this.events.flatMap((event) => (event.event === 'runState' ? [event.state] : []));
  }

  metrics(): MetricEvent[] {
    return this.events.flatMap((event) => (event.event === 'metrics' ? event.events : []));
  }

  /** Resolves with the state as soon as it is sent in this phase. */
  phase(...wanted: RunPhase[]): Promise<RunState> {
    return this.until(() => {
      const last = this.states().at(-1);
      return last !== undefined && wanted.includes(last.phase) ? last : null;
    });
  }

  until<T>(find: () => T | null): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === null) return;
        this.listeners.delete(look);
        resolve(found);
      };
      this.listeners.add(look);
      look();
    });
  }
}

/** The `AppError` with which `act` rejects. */
export async function refusal(act: () => unknown): Promise<AppError> {
  const thrown: unknown = await Promise.resolve()
    .then(act)
    .then(
      () => new Error('was not refused'),
      (error: unknown) => error,
    );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}
