import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { message, type Message } from '#core/words/message.ts';
import { visibleName } from '../../text/visibleName.ts';

/** Names in a list; the others are counted. */
const MOST_NAMES = 12;

/** Which network was evaluated: the epoch, the weights, the statistics of BatchNorm. */
export function networkWords({ model }: EvaluationRecord): readonly Message[] {
  const { checkpoint, epoch, weights, statistics } = model;
  return [
    message(checkpoint === 'best' ? 'report.best' : 'report.last', { epoch }),
    message(weights === 'ema' ? 'report.averaged' : 'report.raw'),
    message(statistics === 'exact' ? 'report.exact' : 'report.moving'),
  ];
}

/** Which images the network was evaluated on. */
export function imagesWords({ images: { source, part } }: EvaluationRecord): Message {
  if (source !== 'folder') return message(source === 'train' ? 'report.trainPart' : 'report.validationPart');
  if (part === null) return message('report.folder');
  const side = message(part === 'train' ? 'report.trainSide' : 'report.validationSide');
  return message('report.folderPart', { part: side });
}

/** What is missing in an evaluation, or was left out of it; empty where nothing was. */
export function evaluationNotes({ images, figures }: EvaluationRecord): readonly Message[] {
  const left = images.extra.reduce((sum, each) => sum + each.images, 0);
  return [
    ...(images.missing.length > 0 ? [message('report.missing', { names: listed(images.missing) })] : []),
    ...(left > 0
      ? [message('report.extra', { images: left, names: listed(images.extra.map(({ name }) => name)) })]
      : []),
    ...(images.skipped > 0 ? [message('report.skipped', { count: images.skipped })] : []),
    ...(figures.notFinite > 0 ? [message('report.notFinite', { count: figures.notFinite })] : []),
  ];
}

function listed(names: readonly string[]): readonly (string | Message)[] {
  const shown = names.slice(0, MOST_NAMES).map((name) => `“${visibleName(name)}”`);
  const more = names.length - MOST_NAMES;
  return more > 0 ? [...shown, message('report.more', { count: more })] : shown;
}
