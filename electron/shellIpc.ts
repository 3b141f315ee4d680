import type { IpcMain, WebContents } from 'electron';
import { SHELL_API, type ShellChannel, type ShellParams, type ShellResult } from '#core/contract/shellApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { isOwnSender } from './senderCheck.ts';

/** One function for each channel of the contract; it receives neither the event nor the sender. */
export type ShellHandlers = {
  readonly [C in ShellChannel]: (...params: ShellParams<C>) => Promise<ShellResult<C>> | ShellResult<C>;
};

/**
 * The one door between the page and main: the sender of every message is checked, its parameters are parsed, and
 * invalid messages are rejected before a handler is called.
 */
export function registerShellHandlers(
  ipc: IpcMain,
  ownPage: () => WebContents | null,
  handlers: ShellHandlers,
): void {
  for (const channel of Object.keys(SHELL_API) as ShellChannel[]) register(ipc, ownPage, channel, handlers);
}

function register<C extends ShellChannel>(
  ipc: IpcMain,
  ownPage: () => WebContents | null,
  channel: C,
  handlers: ShellHandlers,
): void {
  ipc.handle(channel, async (event, ...raw: unknown[]) => {
    if (!isOwnSender(event, ownPage()))
      throw new AppError('message-refused', message('lab.strangePage', { channel }));
    const params = SHELL_API[channel].params.safeParse(raw);
    if (!params.success) throw new AppError('message-refused', message('lab.strangeParams', { channel }));
    const handler = handlers[channel] as (...given: unknown[]) => unknown;
    return SHELL_API[channel].result.parse(await handler(...params.data));
  });
}
