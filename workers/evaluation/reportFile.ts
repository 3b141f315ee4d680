import { isReport, REPORT_HEAD_BYTES } from '#core/evaluation/report/reportPage.ts';
import { message } from '#core/words/message.ts';
import { refuseTakenUnlessFormer } from './formerFile.ts';

/**
 * Throws as `refuseTakenUnlessFormer` for the report of an evaluation or a comparison: better before the work than
 * after it.
 */
export function refuseTakenReport(path: string, overwrite: boolean): Promise<void> {
  const noun = message('files.aReport');
  return refuseTakenUnlessFormer(path, overwrite, { noun, headBytes: REPORT_HEAD_BYTES, isOwn: isReport });
}
