import { BrowserWindow } from 'electron';
import { SCREEN_ORIGIN } from './senderCheck.ts';

/** The lab's window: isolated, sandboxed, without Node, shown when its first image is ready. */
export function openMainWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#0f1216',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${SCREEN_ORIGIN}/`);
  return window;
}

/** Brings the window to the front, whether it is minimized, hidden or behind others. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
