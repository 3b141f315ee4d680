/** A picture cannot be used; the message is the reason in plain words, a part of a sentence. */
export class UnreadableImage extends Error {
  /** True: the bytes are at fault, and the same file will fail again. */
  readonly isFinal: boolean;

  constructor(reason: string, cause?: unknown, isFinal = true) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = 'UnreadableImage';
    this.isFinal = isFinal;
  }
}

export const TOO_SLOW = 'decoding it took too long';

/** What an error of sharp means for the user. */
export function decodeProblem(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/premature end|truncated|unexpected end|not enough data/i.test(message)) return 'the file is cut off';
  if (/pixel limit/i.test(message)) return 'it has more pixels than the limit';
  if (/timeout/i.test(message)) return TOO_SLOW;
  if (/unsupported image format/i.test(message)) return 'this kind of picture is not supported';
  const [first = 'unknown error'] = message.split('\n');
  if (/not supported|unsupported|not configured|not implemented|unimplemented/i.test(message))
    return `this variant of it is not supported (${first}); convert it to JPEG or PNG`;
  return `it is damaged (${first})`;
}
