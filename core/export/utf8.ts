/*
 * TextEncoder and TextDecoder are there in Node, in browsers and in workers, but in no ECMAScript library type. They are
 * named here once, so that the rest of core needs neither Node's nor the DOM's types.
 */
interface TextCoding {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { fatal: true },
  ) => { decode(bytes: Uint8Array): string };
}
const host = globalThis as unknown as TextCoding;

/** UTF-8 of `text`; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new host.TextEncoder().encode(text);
}

/** Text of strict UTF-8; throws `TypeError` on a malformed sequence. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new host.TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
