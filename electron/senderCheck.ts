import type { IpcMainInvokeEvent, WebContents } from 'electron';

/** Scheme and host of the built screen; no other origin may send messages to main. */
export const SCREEN_ORIGIN = 'normlab://app';

/**
 * True only for a message from the main frame of our own window showing our own page. All doubtful cases are refused,
 * including a destroyed frame and a page without an address.
 */
export function isOwnSender(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  own: WebContents | null,
): boolean {
  const frame = event.senderFrame;
  if (own === null || frame === null || event.sender !== own || frame !== own.mainFrame) return false;
  return isScreenUrl(frame.url);
}

/** True for addresses of the built screen. */
export function isScreenUrl(address: string): boolean {
  return address === SCREEN_ORIGIN || address.startsWith(`${SCREEN_ORIGIN}/`);
}
