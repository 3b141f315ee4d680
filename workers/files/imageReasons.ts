import type { MessageKey } from '#core/words/english.ts';
import { message, type Message } from '#core/words/message.ts';

type Advice = Extract<
  MessageKey,
  `images.${
    | 'chooseAnother'
    | 'toJpegOrPng'
    | 'toPng'
    | 'toByteJpegOrPng'
    | 'toWholeNumbers'
    | 'saveBands'
    | 'rename'
    | 'renameToUse'
    | 'scanAgain'
    | 'pullLfs'
    | 'damagedOrOther'
    | 'leftOut'}`
>;

/** Why an image is not used, and what to do about it. */
export function advised(problem: Message, advice: Advice): Message {
  return message('images.advised', { problem, advice: message(advice) });
}

/** An unsupported image format. */
export function unsupportedKind(name: string | Message, advice: Advice = 'images.toJpegOrPng'): Message {
  return advised(message('images.unsupportedKind', { name }), advice);
}

/** The same reason, always with advice. */
export function withAdvice(reason: Message): Message {
  return reason.key === 'images.advised' ? reason : advised(reason, 'images.chooseAnother');
}
