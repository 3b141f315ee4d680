import type { App, Session } from 'electron';
import { isScreenUrl } from './senderCheck.ts';

/** Refuses what the lab never needs, for every page of this app. */
export function lockDown(
  app: Pick<App, 'on'>,
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) =>
    answer(mayHave(permission, contents.getURL(), mediaOf(details))),
  );
  session.setPermissionCheckHandler((_contents, permission, origin, { mediaType }) =>
    mayHave(permission, origin, mediaType === undefined ? [] : [mediaType]),
  );
  session.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isScreenUrl(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** The kinds of media that a request asks for; requests for other permissions name none. */
function mediaOf(details: object): readonly string[] {
  return 'mediaTypes' in details && Array.isArray(details.mediaTypes) ? details.mediaTypes.map(String) : [];
}

/**
 * The lab's own page may notify of the end of a run while its window is hidden, and use the camera for pictures that a
 * network classifies (`media` is `['video']`). All other permissions are denied, the microphone among them.
 */
export function mayHave(permission: string, address: string, media: readonly string[] = []): boolean {
  if (!isScreenUrl(address)) return false;
  if (permission === 'media') return media.length > 0 && media.every((kind) => kind === 'video');
  return permission === 'notifications';
}
