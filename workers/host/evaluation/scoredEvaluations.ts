import { statSync } from 'node:fs';
import path from 'node:path';
import { confusionOfCells } from '#core/evaluation/confusion.ts';
import { EVALUATION_FILES, type EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { NamedJudgement } from '#core/evaluation/evaluationTables.ts';
import { scoreWithTop, type TopClasses } from '#core/evaluation/topClasses.ts';
import {
  findEvaluationFolder,
  openKeptEvaluation,
  type EvaluationPlace,
} from '../../evaluation/keptEvaluations.ts';
import type { DigestTable } from '../../data/images/digestTable.ts';
import { createPace } from '../../threads/pace.ts';
import { ImageSelection } from './imageSelection.ts';

/** Evaluations that are remembered, and images of all of them; the last one stays, whatever its size. */
const MOST_EVALUATIONS = 4;
const MOST_IMAGES = 1_000_000;
/** Classes that are shown of each image. */
const TOP = 5;

/** A kept evaluation with the scores of its images, without the logits. */
export interface ScoredEvaluation extends NamedJudgement {
  readonly record: EvaluationRecord;
  readonly top: TopClasses;
  readonly digests: DigestTable;
  readonly selection: ImageSelection;
}

interface Remembered {
  /** Changes when the evaluation is replaced. */
  readonly version: string;
  readonly scored: Promise<ScoredEvaluation>;
  images: number;
}

/** Reads evaluations for the screen; the logits of each are read once, block by block. */
export class ScoredEvaluations {
  private readonly remembered = new Map<string, Remembered>();

  /** Throws as `openKeptEvaluation`. */
  async open(place: EvaluationPlace, id: string): Promise<ScoredEvaluation> {
    const folder = findEvaluationFolder(place, id);
    const version = versionOf(folder);
    const known = this.remembered.get(folder);
    this.remembered.delete(folder);
    const found = known?.version === version ? known : { version, scored: read(place, id), images: 0 };
    this.remembered.set(folder, found);
    try {
      const scored = await found.scored;
      found.images = scored.files.length;
      this.forgetOldest(folder);
      return scored;
    } catch (error) {
      if (this.remembered.get(folder) === found) this.remembered.delete(folder);
      throw error;
    }
  }

  private forgetOldest(latest: string): void {
    for (const folder of [...this.remembered.keys()]) {
      const images = [...this.remembered.values()].reduce((sum, each) => sum + each.images, 0);
      if (this.remembered.size <= MOST_EVALUATIONS && images <= MOST_IMAGES) return;
      if (folder !== latest) this.remembered.delete(folder);
    }
  }
}

/** Empty for a file that is missing: opening it then says so. */
function versionOf(folder: string): string {
  const stats = statSync(path.join(folder, EVALUATION_FILES.logits), { throwIfNoEntry: false });
  return stats === undefined ? '' : `${String(stats.ino)} ${String(stats.size)} ${String(stats.mtimeMs)}`;
}

async function read(place: EvaluationPlace, id: string): Promise<ScoredEvaluation> {
  const { record, rows } = await openKeptEvaluation(place, id);
  const { classNames, figures } = record;
  try {
    const pace = createPace();
    const { scores, top } = await scoreWithTop(rows, {
      ...{ classes: classNames.length, most: TOP },
      tick: (done, total) => pace.tick(done, total),
    });
    const { files, digests } = rows;
    const confusion = confusionOfCells(record.confusion, classNames.length);
    const selection = new ImageSelection(scores, files);
    return { record, figures, confusion, scores, top, files, digests, selection };
  } finally {
    await rows.close();
  }
}
