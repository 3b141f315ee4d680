import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ShellChannel, ShellParams, ShellResult } from '#core/contract/shellApi.ts';
import { PORT_CHANNEL, PORT_MESSAGE, STOPPED_CHANNEL, STOPPED_MESSAGE } from '#core/contract/shellPort.ts';

function ask<C extends ShellChannel>(channel: C, ...params: ShellParams<C>): Promise<ShellResult<C>> {
  // Main parses parameters and result by the contract.
  return ipcRenderer.invoke(channel, ...params) as Promise<ShellResult<C>>;
}

contextBridge.exposeInMainWorld('normlabShell', {
  pickFolder: (title: string) => ask('shell:pick-folder', title),
  pickProject: () => ask('shell:pick-project'),
  pickModel: (title: string) => ask('shell:pick-model', title),
  pickImage: (title: string) => ask('shell:pick-image', title),
  pickSave: (suggestedName: string) => ask('shell:pick-save', suggestedName),
  grantDropped: (file: File) => {
    const path = webUtils.getPathForFile(file);
    return path === '' ? Promise.resolve(null) : ask('shell:grant-dropped', path);
  },
  requestLabPort: () => void ask('shell:request-port'),
  restartLab: () => void ask('shell:restart-host'),
});

// A MessagePort cannot cross the context bridge; a window message carries it into the page.
ipcRenderer.on(PORT_CHANNEL, (event) => {
  window.postMessage({ type: PORT_MESSAGE }, window.location.origin, event.ports);
});

ipcRenderer.on(STOPPED_CHANNEL, () => {
  window.postMessage({ type: STOPPED_MESSAGE }, window.location.origin);
});
