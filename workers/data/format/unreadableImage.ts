import { message, type Message } from '#core/words/message.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { advised } from '../../files/imageReasons.ts';
/** The error for an image that cannot be used. */
export class UnreadableImage extends Error {
  /** A part of a sentence. */
  readonly reason: Message;
  /** True: the bytes are at fault, and the same file will fail again. */
  readonly isFinal: boolean;

  constructor(reason: Message, cause?: unknown, isFinal = true) {
    super(inEnglish(reason), cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.name = 'UnreadableImage';
    this.isFinal = isFinal;
  }
}

export const TOO_SLOW = message('images.tooSlow');

/**
 * Translates an error of sharp for the user. libvips and sharp have no error codes: this is the only place that depends
 * on their messages.
 */
export function decodeProblem(thrown: unknown): Message {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (/premature end|truncated|unexpected end|not enough data/i.test(text)) return message('images.cutOff');
  if (/pixel limit/i.test(text)) return message('images.overPixelLimit');
  if (/timeout/i.test(text)) return TOO_SLOW;
  if (/unsupported image format/i.test(text)) return message('images.unsupported');
  const [detail = ''] = text.split('\n');
  if (/not supported|unsupported|not configured|not implemented|unimplemented/i.test(text))
    return advised(message('images.variant', { detail }), 'images.toJpegOrPng');
  return message('images.damagedBecause', { detail });
}
