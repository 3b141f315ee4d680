/*
 * TextEncoder and TextDecoder exist in Node, browsers and workers, but in no ECMAScript library type. They are declared
 * here once, so that the rest of core needs neither Node's nor the DOM's types.
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: true },
) => { decode(bytes: Uint8Array): string };

/** UTF-8 of `text`; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Decodes strict UTF-8; throws `TypeError` on a malformed sequence. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
