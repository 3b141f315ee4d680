import { EvaluationService } from './evaluation/evaluationService.ts';
import { PairService } from './evaluation/pairService.ts';
import { PictureService } from './pictures/pictureService.ts';
import { doubtService } from './evaluation/doubtService.ts';
import { evaluationHandlers } from './evaluationHandlers.ts';
import { pairHandlers } from './pairHandlers.ts';
import type { RunService } from './runs/runService.ts';
import type { LabEvent } from '#core/contract/labApi.ts';
import type { LabHome } from '../files/labHome.ts';
import type { LabHandlers } from './connections/dispatch.ts';
import type { FileGrants } from './grants/fileGrants.ts';

interface Judging {
  /** The folder of a run. */
  readonly runOf: (runId: string) => string;
  readonly grants: FileGrants;
  readonly tell: (event: LabEvent) => void;
  readonly home: LabHome;
  /** True for a run that trains elsewhere. */
  readonly isFollowed: (runId: string) => Promise<boolean>;
}

/** The services that judge trained networks, and their handlers. */
export function judgingServices({ runOf, grants, tell, home, isFollowed }: Judging) {
  const shared = { runOf, grants, tell, cacheFolder: home.cache, isFollowed };
  const evaluations = new EvaluationService(shared);
  const pairs = new PairService(shared);
  const pictures = new PictureService(runOf, home.cache, grants, tell);
  const doubts = doubtService({ cacheFolder: home.cache, runs: home.runs }, runOf, tell);
  const handlers = {
    ...evaluationHandlers(evaluations),
    ...pairHandlers(pairs),
    ...pictureHandlers(pictures),
    ...doubts.handlers,
  };
  return { evaluations, pairs, handlers, services: [evaluations, pairs, pictures, doubts] };
}

function pictureHandlers(
  pictures: PictureService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `picture.${string}`>> {
  return {
    'picture.open': (request) => pictures.open(request),
    'picture.close': ({ sessionId }) => {
      pictures.closeSession(sessionId);
      return {};
    },
    'picture.show': (request) => pictures.show(request),
    'picture.classify': (request) => pictures.classify(request),
    'picture.map': (request) => pictures.map(request),
    'picture.occlude': (request) => pictures.occlude(request),
    'picture.features': (request) => pictures.features(request),
    'picture.filters': (request) => pictures.filters(request),
    'picture.classifyFolder': (request) => pictures.classifyFolder(request),
    'picture.cancel': ({ taskId }) => {
      pictures.cancel(taskId);
      return {};
    },
  };
}

export function deleteHandler(
  runs: RunService,
  evaluations: EvaluationService,
  pairs: PairService,
): LabHandlers['run.delete'] {
  return async ({ runId, isFinal }) => {
    evaluations.refuseDeletion(runId);
    pairs.refuseDeletion(runId);
    await runs.delete(runId, isFinal);
    await evaluations.forget(runId);
    return {};
  };
}
