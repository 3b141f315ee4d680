import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import type { DoubtSource } from '#core/contract/doubtCalls.ts';
import type { Fold } from '#core/document/dataSettings.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { openEvaluationLogits, type KeptEvaluation } from '../evaluation/evaluationFolder.ts';
import { findKeptEvaluation, listKeptEvaluations } from '../evaluation/keptEvaluations.ts';
import { readAbout } from '../runs/folder/runAboutFile.ts';
import { documentOf } from '../runs/folder/runDocument.ts';
import { openRun } from '../runs/folder/runFolder.ts';

/** Where runs and evaluations are. */
export interface SourcePlaces {
  /** The folder that holds the folder of each run. */
  readonly runs: string;
  readonly cacheFolder: string;
}

/** The run of an evaluation, or another one. */
interface KnownRun {
  readonly runId: string;
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly fold: Fold | null;
}

/**
 * Evaluations of other runs by which the labels of an evaluation can be judged too, the newest of each run: of the
 * other folds their validation part, of all runs the same images. Only networks with the same classes count.
 */
export async function findSources(
  { run, id }: { readonly run: string; readonly id: string },
  { runs, cacheFolder }: SourcePlaces,
): Promise<LabResult<'doubt.sources'>> {
  const own = await knownRun(run);
  const kept = await findKeptEvaluation({ run, cacheFolder }, id);
  const digests = await digestsOf(kept);
  const found: LabResult<'doubt.sources'> = { folds: [], missing: [], average: [] };
  for (const name of (await readdir(runs)).sort()) {
    const other = await knownRun(path.join(runs, name)).catch(() => null);
    if (own === null || other === null || other.runId === own.runId) continue;
    const isFold = isOtherFold(own, other) && kept.record.images.source === 'validation';
    const candidates = (await listKeptEvaluations({ run: other.folder, cacheFolder })).filter(({ record }) =>
      hasClasses(record, kept.record.classNames),
    );
    const about = (await readAbout(other.folder)).name ?? other.manifest.name;
    if (isFold) {
      const fold = candidates.find(({ record }) => record.images.source === 'validation');
      if (fold === undefined) found.missing.push({ runId: other.runId, run: about });
      else found.folds.push(sourceOf(other, about, fold));
      continue;
    }
    for (const candidate of candidates) {
      if (candidate.record.figures.images !== kept.record.figures.images) continue;
      if (!(await digestsOf(candidate)).equals(digests)) continue;
      found.average.push(sourceOf(other, about, candidate));
      break;
    }
  }
  return found;
}

async function knownRun(folder: string): Promise<KnownRun> {
  const { manifest } = await openRun(folder);
  const { crossValidation } = documentOf(folder, manifest).data;
  return { runId: path.basename(folder), folder, manifest, fold: crossValidation };
}

/** Two folds of the same division: by the same seed, of the same images. */
function isOtherFold(a: KnownRun, b: KnownRun): boolean {
  if (a.fold === null || b.fold === null) return false;
  return (
    a.fold.folds === b.fold.folds &&
    a.fold.fold !== b.fold.fold &&
    a.manifest.data.fingerprint === b.manifest.data.fingerprint
  );
}

function hasClasses({ classNames }: EvaluationRecord, wanted: readonly string[]): boolean {
  return classNames.length === wanted.length && classNames.every((name, k) => name === wanted[k]);
}

function sourceOf({ runId }: KnownRun, run: string, { record }: KeptEvaluation): DoubtSource {
  return { key: { runId, id: record.id }, run, images: record.figures.images };
}

/** The digests of the images of an evaluation in ascending order. */
async function digestsOf({ folder, record }: KeptEvaluation): Promise<Buffer> {
  const rows = await openEvaluationLogits(folder, record);
  await rows.close();
  return Buffer.from(rows.digests.sorted());
}
