import { join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import { REMOTE_FILES } from '#core/contract/remoteRun.ts';
import type { RunDetails } from '#core/contract/runAbout.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { MetricsReaders } from '../../runs/metrics/metricsReader.ts';
import { FollowedRun, type RemoteLook } from '../../runs/remote/followedRun.ts';
import { importRemote, type ImportedRun, type RemoteImport } from '../../runs/remote/importRemote.ts';
import { readFacts } from '../../runs/remote/remoteFacts.ts';
import { findRemote, statRemote } from '../../runs/remote/remoteFiles.ts';
import { changeLinks, readLinks, type RemoteLink } from '../../runs/remote/remoteLinks.ts';

interface LookAsked {
  readonly runId: string;
  readonly folder: string;
  /** Id of the run in the folder; null at the first look. */
  readonly id: string | null;
}

/** A change of one followed run in the list of them; null removes it. */
interface LinkChange {
  readonly file: string;
  readonly runId: string;
  readonly link: RemoteLink | null;
}

type Metrics = LabResult<'run.metrics'>;

/**
 * The methods that read the folders of runs that train elsewhere, which may be on a slow network: nothing else waits
 * for them in this thread. All paths here have been resolved by the host.
 */
export function remoteHandlers() {
  const followed = new Map<string, FollowedRun>();
  const readers = new MetricsReaders();
  return {
    find: async ({ folder }: { folder: string }): Promise<{ folder: string; id: string; name: string }> => {
      const found = await findRemote(folder);
      const { facts } = await readFacts(found);
      return { folder: found, id: facts.id, name: facts.name };
    },
    look: ({ runId, folder, id }: LookAsked): Promise<RemoteLook> => {
      const run = followed.get(runId) ?? new FollowedRun(folder);
      followed.set(runId, run);
      return run.look(runId, id, Date.now());
    },
    forget: ({ runId }: { runId: string }): boolean => followed.delete(runId),
    links: ({ file }: { file: string }): Promise<RemoteLink[]> => readLinks(file),
    changeLink: async ({ file, runId, link }: LinkChange): Promise<void> => {
      await changeLinks(file, (links) => {
        const others = links.filter((each) => each.runId !== runId);
        return link === null ? others : [link, ...others];
      });
    },
    metrics: ({ folder, from }: { folder: string; from: number }): Promise<Metrics> =>
      metricsOf(readers, folder, from),
    details: async ({ folder }: { folder: string }): Promise<RunDetails> => {
      const { facts, document } = await readFacts(folder);
      return {
        ...{ project: facts.document, normlabVersion: facts.normlabVersion },
        ...{ trainFolder: null, validationFolder: null },
        classes: checkGraph(document.graph, document.training).graph?.classes ?? 0,
        ...{ trainImages: facts.imagesTraining, validationImages: facts.imagesValidation },
        backendDescription: `PyTorch, ${facts.worldSize} × ${facts.device}, ${facts.backend}`,
      };
    },
    import: (asked: Omit<RemoteImport, 'signal'>): Promise<ImportedRun> => importRemote(asked),
  };
}
export type RemoteHandlers = ReturnType<typeof remoteHandlers>;

/** A page of the metrics; none while the folder cannot be read, since they are read again once it is back. */
async function metricsOf(readers: MetricsReaders, folder: string, from: number): Promise<Metrics> {
  try {
    const found = await statRemote(folder, REMOTE_FILES.metrics);
    if (found?.isFile() !== true) return { events: [], next: from };
    return await readers.of(join(folder, REMOTE_FILES.metrics)).read(from);
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { events: [], next: from };
  }
}
