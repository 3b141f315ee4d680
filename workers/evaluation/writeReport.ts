import path from 'node:path';
import type { Doubts } from '#core/evaluation/doubtRows.ts';
import type { NamedJudgement } from '#core/evaluation/evaluationTables.ts';
import { evaluationReport, reportedImages } from '#core/evaluation/report/evaluationReport.ts';
import type { Language } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { writeFileAtomic } from '../files/atomicFile.ts';
import { createPace } from '../threads/pace.ts';
import type { ThreadTask } from '../threads/threadTasks.ts';
import { thumbnailJpeg } from './thumbnailJpeg.ts';

/** Longer side of the images in a report, enough for screens with two pixels per point. */
const SIDE = 300;

interface ReportFile extends Partial<ThreadTask> {
  readonly language: Language;
  readonly overwrite: boolean;
  /** The path of an image; null where its file has changed. By default the files are not compared. */
  readonly pathOf?: (image: number) => Promise<string | null>;
  /** Labels, copies and forgetting, where they were asked for. */
  readonly doubts?: Doubts;
}

/**
 * Writes the report of an evaluation as one HTML file with its images in it. Images that can no longer be read are left
 * out. Throws `AppError`: 'interrupted', and those of `writeFileAtomic`.
 */
export async function writeReport(
  file: string,
  judged: NamedJudgement,
  { language, overwrite, signal, onProgress, commit, pathOf, doubts }: ReportFile,
): Promise<void> {
  const pace = createPace(signal, undefined, message('files.writingStopped'));
  const thumbnails = new Map<number, string>();
  const { folder } = judged.record.images;
  const images = reportedImages(judged);
  for (const [at, image] of images.entries()) {
    onProgress?.(message('work.writing'), at, images.length);
    await pace.settle();
    const source = pathOf === undefined ? path.join(folder, judged.files[image] ?? '') : await pathOf(image);
    const bytes = source === null ? null : await thumbnailJpeg(source, SIDE).catch(() => null);
    if (bytes !== null) thumbnails.set(image, `data:image/jpeg;base64,${bytes.toString('base64')}`);
  }
  await pace.settle();
  const html = evaluationReport(judged, {
    ...{ language, thumbnails },
    ...(doubts === undefined ? {} : { doubts }),
  });
  await pace.settle();
  await writeFileAtomic(file, html, { overwrite, beforePlace: commit });
}
