import { join } from 'node:path';
import { app, type BrowserWindow, ipcMain, Menu, protocol, session, type MessagePortMain } from 'electron';
import { PORT_CHANNEL, STOPPED_CHANNEL } from '#core/contract/shellPort.ts';
import { declareScheme, serveScreen } from './appProtocol.ts';
import { guardClosing } from './closeGuard.ts';
import { systemDialogs } from './dialogs.ts';
import { LabHostProcess } from './labHostProcess.ts';
import { lockDown } from './lockDown.ts';
import { bringForward, openMainWindow } from './mainWindow.ts';
import { labPaths } from './paths.ts';
import { registerShellHandlers } from './shellIpc.ts';

/** The desktop shell from the top: one window, one lab host, one checked door between page and system. */
function start(): void {
  const paths = labPaths(app);
  let window: BrowserWindow | null = null;
  const sendPort = (port: MessagePortMain): void =>
    window?.webContents.postMessage(PORT_CHANNEL, null, [port]);
  const sendStopped = (): void => window?.webContents.postMessage(STOPPED_CHANNEL, null);
  const host = new LabHostProcess(
    paths.host,
    {
      NORMLAB_HOME: join(app.getPath('userData'), 'lab'),
      NORMLAB_SAMPLES: paths.samples,
      NORMLAB_MODELS: paths.models,
    },
    { onPort: sendPort, onGivenUp: sendStopped },
  );

  const openWindow = (): void => {
    window = openMainWindow(paths.preload);
    guardClosing(window, host);
    window.once('closed', () => (window = null));
  };
  const dialogs = systemDialogs(
    () => window,
    (path, kind) => host.grant(path, kind),
  );
  registerShellHandlers(ipcMain, () => window?.webContents ?? null, {
    'shell:pick-folder': (title) => dialogs.pickFolder(title),
    'shell:pick-project': () => dialogs.pickProject(),
    'shell:pick-model': (title) => dialogs.pickModel(title),
    'shell:pick-image': (title) => dialogs.pickImage(title),
    'shell:pick-save': (name) => dialogs.pickSave(name),
    'shell:grant-dropped': (path) => host.grant(path),
    'shell:request-port': () => {
      if (host.isGivenUp) sendStopped();
      else sendPort(host.connect());
      return null;
    },
    'shell:restart-host': () => {
      host.restart();
      return null;
    },
  });
  const comeForward = (): void => {
    if (window !== null) bringForward(window);
  };
  app.on('second-instance', comeForward);
  app.on('activate', comeForward);
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => {
    lockDown(app, session.defaultSession);
    serveScreen(protocol, paths.screen);
    Menu.setApplicationMenu(null); // the lab has its own command palette and keys
    host.start();
    openWindow();
  });
}

declareScheme(protocol);
if (app.requestSingleInstanceLock()) start();
else app.quit();
