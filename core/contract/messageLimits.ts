import type { LabMethod } from './labApi.ts';
import { message, type Message } from '../words/message.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** For methods that carry only ids, names and numbers. */
const SMALL = 64 * KIB;
/**
 * For a project's text (`PROJECT_LIMITS.textLength`), with quotes and line breaks escaped, and its undo steps; or for
 * two projects to compare.
 */
const PROJECT = 40 * MIB;
/** For a project's edits of its images: up to 200,000 names. */
const VIEW = 32 * MIB;
/** For a picture from the clipboard or a camera, in base64 (`LARGEST_UPLOAD`). */
const PICTURE = 9 * MIB;

/**
 * The largest message of each method on the wire, in bytes. Larger ones are refused before they are parsed.
 * `docs/limits.md` lists them.
 */
export const MESSAGE_BYTES: { readonly [M in LabMethod]: number } = {
  'lab.describe': SMALL,
  'files.list': SMALL,
  'files.grant': SMALL,
  'project.open': SMALL,
  'project.save': PROJECT,
  'project.keepRecovery': PROJECT,
  'project.dropRecovery': SMALL,
  'project.recoveries': SMALL,
  'project.recent': SMALL,
  'data.scan': SMALL,
  'data.cancelScan': SMALL,
  'data.parts': SMALL,
  'data.tableHeader': SMALL,
  'data.thumbnails': SMALL,
  'data.samples': VIEW,
  'data.images': VIEW,
  'data.trainingClasses': VIEW,
  'data.drawFiles': MIB,
  'run.plan': PROJECT,
  'run.start': PROJECT,
  'run.pause': SMALL,
  'run.resume': SMALL,
  'run.stop': SMALL,
  'run.list': SMALL,
  'run.details': SMALL,
  'run.describe': SMALL,
  'run.delete': SMALL,
  'run.metrics': SMALL,
  'run.statistics': SMALL,
  'run.recalibrate': SMALL,
  'run.cancelRecalibration': SMALL,
  'run.undoRecalibration': SMALL,
  'run.export': SMALL,
  'run.exportDifferences': SMALL,
  'run.normPreview': SMALL,
  'run.measureFold': SMALL,
  'run.cancelExport': SMALL,
  'model.list': SMALL,
  'model.add': SMALL,
  'model.remove': SMALL,
  'model.licence': SMALL,
  'model.inspect': SMALL,
  'model.import': SMALL,
  'model.compare': PROJECT,
  'model.cancel': SMALL,
  'cluster.write': PROJECT,
  'cluster.cancel': SMALL,
  'policies.start': PROJECT,
  'policies.state': SMALL,
  'policies.cancel': SMALL,
  'remote.follow': SMALL,
  'remote.unfollow': SMALL,
  'remote.import': SMALL,
  'evaluation.start': SMALL,
  'evaluation.cancel': SMALL,
  'evaluation.list': SMALL,
  'evaluation.open': SMALL,
  'evaluation.remove': SMALL,
  'evaluation.images': SMALL,
  'evaluation.pictures': SMALL,
  'evaluation.write': SMALL,
  'doubt.sources': SMALL,
  'doubt.suspects': SMALL,
  'doubt.duplicates': SMALL,
  'doubt.forgotten': SMALL,
  'doubt.copies': SMALL,
  'doubt.cancel': SMALL,
  'picture.open': SMALL,
  'picture.close': SMALL,
  'picture.show': PICTURE,
  'picture.classify': SMALL,
  'picture.map': SMALL,
  'picture.occlude': SMALL,
  'picture.features': SMALL,
  'picture.filters': SMALL,
  'picture.classifyFolder': SMALL,
  'picture.cancel': SMALL,
  'pair.compare': SMALL,
  'pair.cancel': SMALL,
  'pair.open': SMALL,
  'pair.images': SMALL,
  'pair.write': SMALL,
};

/** Size in bytes of the largest message of any method; no transport accepts a larger one. */
export const LARGEST_MESSAGE_BYTES = Math.max(...Object.values(MESSAGE_BYTES));

/** Id and method come first in a message; they fit in this many characters. */
export const MESSAGE_HEAD_LENGTH = 160;

const HEAD = /^\{"id":(\d{1,15}),"method":"([A-Za-z.]{1,64})",/;

export type MessageVerdict =
  | { readonly kind: 'fits' }
  /** `id` is null where the message does not begin as every client writes it. */
  | { readonly kind: 'too-large'; readonly id: number | null; readonly said: Message };

/** Decides whether a message of `sizeBytes` that begins with `head` may be parsed; only its beginning is inspected. */
export function weighMessage(head: string, sizeBytes: number): MessageVerdict {
  if (sizeBytes <= SMALL) return { kind: 'fits' };
  const [, id, method = ''] = HEAD.exec(head) ?? [];
  const limit = Object.hasOwn(MESSAGE_BYTES, method) ? MESSAGE_BYTES[method as LabMethod] : SMALL;
  if (sizeBytes <= limit) return { kind: 'fits' };
  const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 0)} MB`;
  return {
    kind: 'too-large',
    id: id === undefined ? null : Number(id),
    said: message('lab.tooLarge', {
      size: inMegabytes(sizeBytes),
      method: method || message('lab.aMessage'),
      limit: inMegabytes(limit),
    }),
  };
}
