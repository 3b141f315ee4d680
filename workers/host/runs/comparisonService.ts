import { randomUUID } from 'node:crypto';
import type { LiveComparison } from '#core/contract/policyCalls.ts';
import type { LabEvent } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { message } from '#core/words/message.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import type { PolicyVariant } from '../storage/policyVariants.ts';
import type { Storage } from '../storage/storageThread.ts';
import type { Reservation, RunService } from './runService.ts';

interface ComparisonRequest {
  readonly project: string;
  readonly train: string;
  readonly validation: string | null;
  readonly epochs: number;
  readonly runs: readonly { readonly policy: RunPolicy; readonly name: string }[];
}

/** Runs of a comparison, with the folders of their images. */
interface Plan {
  readonly seriesId: string;
  readonly train: string;
  readonly validation: string | null;
  readonly names: ReadonlyMap<RunPolicy, string>;
  readonly variants: readonly PolicyVariant[];
}

/** Trains one run for each BatchNorm policy, one after another. */
export class ComparisonService {
  private readonly runs: RunService;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly storage: Storage;
  private live: LiveComparison | null = null;
  private isCancelled = false;

  constructor(runs: RunService, grants: FileGrants, tell: (event: LabEvent) => void, storage: Storage) {
    this.runs = runs;
    this.grants = grants;
    this.tell = tell;
    this.storage = storage;
  }

  /** Throws as `RunService.start` does, and 'arguments' for a project whose policies cannot be compared. */
  async start(request: ComparisonRequest): Promise<{ seriesId: string }> {
    const train = this.grants.resolve(request.train, 'folder', 'read');
    const validation =
      request.validation === null ? null : this.grants.resolve(request.validation, 'folder', 'read');
    const reservation = this.runs.reserve();
    try {
      const policies = request.runs.map(({ policy }) => policy);
      const { project, epochs } = request;
      const variants = await this.storage.call('policyVariants', { project, epochs, policies });
      const seriesId = randomUUID();
      const names = new Map(request.runs.map(({ policy, name }) => [policy, name]));
      this.isCancelled = false;
      this.set({ seriesId, projectId: variants[0]?.about.id ?? null, policies, waiting: policies });
      // What a run reports of its failure is in its own state; the series then only ends.
      this.work(reservation, { seriesId, train, validation, names, variants }).catch(() => undefined);
      return { seriesId };
    } catch (error) {
      reservation.release();
      throw error;
    }
  }

  state(): LiveComparison | null {
    return this.live;
  }

  cancel(seriesId: string): void {
    if (this.live?.seriesId !== seriesId) throw new AppError('run-not-found', message('policies.notRunning'));
    this.isCancelled = true;
    this.runs.stopAll();
  }

  private async work(reservation: Reservation, plan: Plan): Promise<void> {
    let former: string | null = null;
    try {
      for (const [index, variant] of plan.variants.entries()) {
        const facts = former === null ? FIRST : await this.storage.call('seriesFacts', { folder: former });
        if (this.isCancelled) return;
        this.setWaiting(plan.variants.slice(index + 1).map(({ policy }) => policy));
        const { folder, ended } = reservation.launch(...launchOf(plan, variant, facts));
        const state = await ended;
        if (!mayGoOn(state)) return;
        if (state.phase === 'finished') former = folder;
      }
    } finally {
      reservation.release();
      this.set(null);
    }
  }

  private setWaiting(waiting: RunPolicy[]): void {
    if (this.live !== null) this.set({ ...this.live, waiting });
  }

  private set(state: LiveComparison | null): void {
    this.live = state;
    this.tell({ event: 'policies', state });
  }
}

/** What the next run of a series has to know of those before. */
interface SeriesFacts {
  readonly fingerprint: string | null;
  readonly hasStart: boolean;
}

const FIRST: SeriesFacts = { fingerprint: null, hasStart: false };

function launchOf(
  { seriesId, train, validation, names }: Plan,
  { policy, project, about }: PolicyVariant,
  { fingerprint, hasStart }: SeriesFacts,
): Parameters<Reservation['launch']> {
  const series = { id: seriesId, policy };
  return [
    { name: names.get(policy) ?? policy, project: about, series },
    {
      ...{ project, train, validation, resume: false },
      series: { ...series, testFolder: null, measuresStart: !hasStart, fingerprint },
    },
  ];
}

/** A run that the user or the end of the lab stopped ends the series; a policy that diverges is a result. */
function mayGoOn({ phase, error }: RunState): boolean {
  return phase === 'finished' || (phase === 'failed' && error?.code === 'diverged');
}
