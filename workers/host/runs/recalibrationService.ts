import type { LabEvent } from '#core/contract/labApi.ts';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { startRecalibration } from '../../inference/recalibrationClient.ts';
import type { RecalibrationRequest } from '../../inference/recalibrationMessages.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import type { Reading } from '../reading/readingThread.ts';
import type { RunService } from './runService.ts';

/**
 * How long `close` waits for a thread to cancel; it writes its file last and atomically, so leaving it loses nothing.
 */
const CLOSE_TIMEOUT_MS = 30_000;

/**
 * Measures exact BatchNorm statistics of runs and undoes that, in a thread of its own, while no run of the lab
 * computes.
 */
export class RecalibrationService {
  private readonly runs: RunService;
  private readonly cacheFolder: string;
  private readonly tell: (event: LabEvent) => void;
  private readonly reading: Reading;
  private readonly active = new TaskSet<NormStatistics>();

  constructor(runs: RunService, cacheFolder: string, tell: (event: LabEvent) => void, reading: Reading) {
    this.reading = reading;
    this.runs = runs;
    this.cacheFolder = cacheFolder;
    this.tell = tell;
  }

  async statistics(runId: string, checkpoint?: CheckpointChoice): Promise<NormStatistics> {
    const run = this.runs.folderOf(runId);
    return this.reading.call('statistics', { run, checkpoint });
  }

  recalibrate(runId: string, batches: number | null, checkpoint?: CheckpointChoice): Promise<NormStatistics> {
    return this.work(runId, { kind: 'measure', batches, cacheFolder: this.cacheFolder }, checkpoint);
  }

  undo(runId: string, checkpoint?: CheckpointChoice): Promise<NormStatistics> {
    return this.work(runId, { kind: 'undo' }, checkpoint);
  }

  /** True while a thread measures or undoes. */
  get isWorking(): boolean {
    return this.active.size > 0;
  }

  /** Cancels the recalibration of a run, which stays unchanged. */
  cancel(runId: string): void {
    if (!this.active.cancel(runId)) throw new AppError('run-not-found', message('runs.notMeasured'));
  }

  /** Cancels the work in progress; resolves when its thread has ended. */
  close(): Promise<void> {
    return this.active.close(CLOSE_TIMEOUT_MS);
  }

  private async work(
    runId: string,
    work: RecalibrationRequest['work'],
    checkpoint: CheckpointChoice | undefined,
  ): Promise<NormStatistics> {
    const release = await this.runs.hold(runId);
    try {
      const handle = startRecalibration({ run: this.runs.folderOf(runId), checkpoint, work }, (progress) =>
        this.tell({ event: 'recalibration', runId, progress }),
      );
      return await this.active.run(runId, handle);
    } finally {
      release();
      this.tell({ event: 'recalibration', runId, progress: null });
    }
  }
}
