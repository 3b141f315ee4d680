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
const nextAnswer = (): Promise<Answer> =>
  Promise.resolve(answers.shift() ?? { canceled: true, filePaths: [], filePath: '', response: 1 });

export const dialog = { showOpenDialog: nextAnswer, showSaveDialog: nextAnswer, showMessageBox: nextAnswer };
export const Menu = { setApplicationMenu: (): void => undefined };
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (): void => undefined,
    setPermissionCheckHandler: (): void => undefined,
    setDevicePermissionHandler: (): void => undefined,
  },
};

/** What a spec asks of the double over the process's IPC channel. */
type Order = { type: 'dialog'; answer: Answer } | { type: 'crashHost' } | { type: 'closeWindow' };

process.on('message', (order: Order) => {
  if (order.type === 'dialog') answers.push(order.answer);
  else if (order.type === 'crashHost') startedProcesses.at(-1)?.kill();
  else BrowserWindow.opened[0]?.close();
});
