import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';
import { startedProcesses } from './utilityProcess.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browserWindow.ts';
export { ipcMain } from './ipcMain.ts';
export { MessageChannelDouble as MessageChannelMain } from './ports.ts';
export { protocol } from './protocol.ts';
export { utilityProcess } from './utilityProcess.ts';

type Answer = Record<string, unknown>;
const answers: Answer[] = [];
/** The message of each dialog, oldest first. */
const shown: string[] = [];
const answer = (options: unknown): Promise<Answer> => {
  const { message } = (options ?? {}) as { message?: unknown };
  shown.push(typeof message === 'string' ? message : '');
  return Promise.resolve(answers.shift() ?? { canceled: true, filePaths: [], filePath: '', response: 1 });
};

export const dialog = {
  showOpenDialog: (_owner: unknown, options: unknown) => answer(options),
  showSaveDialog: (_owner: unknown, options: unknown) => answer(options),
  showMessageBox: (_owner: unknown, options: unknown) => answer(options),
};
export const Menu = { setApplicationMenu: (): void => undefined };
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (): void => undefined,
    setPermissionCheckHandler: (): void => undefined,
    setDevicePermissionHandler: (): void => undefined,
  },
};

/** Requests of a spec to the double, over the process's IPC channel. */
type Order =
  | { type: 'dialog'; answer: Answer }
  | { type: 'crashHost' | 'blockHost' | 'closeWindow' | 'minimize' | 'secondInstance' | 'activate' | 'tell' };

process.on('message', (order: Order) => {
  const [window] = BrowserWindow.opened;
  if (order.type === 'dialog') answers.push(order.answer);
  else if (order.type === 'crashHost') startedProcesses.at(-1)?.kill();
  else if (order.type === 'blockHost') startedProcesses.at(-1)?.block();
  else if (order.type === 'closeWindow') window?.close();
  else if (order.type === 'minimize') window?.minimize();
  else if (order.type === 'secondInstance') app.emit('second-instance');
  else if (order.type === 'activate') app.emit('activate');
  else
    process.send?.({
      dialogs: shown,
      isMinimized: window?.isMinimized() ?? false,
      hosts: startedProcesses.length,
    });
});
