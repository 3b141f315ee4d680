import type { z } from 'zod';
import type { LabApi, LabEvent, LabMethod } from '#core/contract/labApi.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { readNormStatistics } from '../../runs/checkpoint/normStatistics.ts';
import { DataService } from '../data/dataService.ts';
import { readDifferences, type DifferencesAsked } from '../../export/readDifferences.ts';
import { readNormPreview, type PreviewAsked } from '../../export/readNormPreview.ts';
import { planRun } from '../../training/planRun.ts';
import { parseProject } from '../storage/projectFile.ts';

/** The start data of the reading thread. */
export interface ReadingData {
  readonly cacheFolder: string;
  /** The lab's folder of starting weights. */
  readonly weightsFolder: string;
}

/** Parameters as the host has parsed them. */
type Asked<M extends LabMethod> = z.output<LabApi[M]['params']>;

/** Paths are passed as they are: the host has resolved the grants, and issues new ones. */
const PATHS = {
  resolve: (path: string): string => path,
  grant: (path: string) => ({ grant: path, path, name: path }),
};

/**
 * The methods that read much and change nothing: scans and their views, plans, statistics of a checkpoint, differences
 * of formats, findings about weights. `folder` and similar parameters are paths here where the contract has grants.
 */
export function readingHandlers(
  { cacheFolder, weightsFolder }: ReadingData,
  tell: (event: LabEvent) => void,
) {
  const data = new DataService(PATHS, tell, cacheFolder);
  return {
    scan: ({ folder, scanId, reading }: Asked<'data.scan'>) => data.scan(folder, scanId, reading),
    parts: ({ folder }: Asked<'data.parts'>) => data.parts(folder),
    tableHeader: ({ folder }: Asked<'data.tableHeader'>) => data.tableHeader(folder),
    cancelScan: ({ scanId }: Asked<'data.cancelScan'>) => data.cancel(scanId),
    thumbnails: ({ folder, className, count, sizePx }: Asked<'data.thumbnails'>) =>
      data.thumbnails(folder, className, count, sizePx),
    samples: ({ folder, ...asked }: Asked<'data.samples'>) => data.sampled(folder, asked),
    images: (request: Asked<'data.images'>) => data.images(request),
    trainingClasses: ({ folder, view }: Asked<'data.trainingClasses'>) => data.trainingClasses(folder, view),
    drawFiles: ({ folder, files, sizePx }: Asked<'data.drawFiles'>) => data.drawFiles(folder, files, sizePx),
    plan: ({ project, train, validation }: Asked<'run.plan'>) =>
      planRun({ document: parseProject(project), train, validation, cacheFolder, weightsFolder }),
    statistics: ({ run, checkpoint }: { run: string; checkpoint: CheckpointChoice | undefined }) =>
      readNormStatistics(run, undefined, checkpoint),
    differences: (asked: DifferencesAsked) => readDifferences(asked),
    normPreview: (asked: PreviewAsked) => readNormPreview(asked),
  };
}
export type ReadingHandlers = ReturnType<typeof readingHandlers>;
