type Handler = (event: { sender: unknown; senderFrame: unknown }, ...args: unknown[]) => unknown;

const handlers = new Map<string, Handler>();

export const ipcMain = {
  handle: (channel: string, handler: Handler): void => {
    if (handlers.has(channel)) throw new Error(`a second handler for ${channel}`);
    handlers.set(channel, handler);
  },
};

/** Answers `ipcRenderer.invoke` of a page; an error is sent as its message, as in Electron. */
export async function answerInvoke(
  contents: { mainFrame: unknown },
  channel: string,
  args: unknown[],
): Promise<{ value?: unknown; error?: string }> {
  const handler = handlers.get(channel);
  if (handler === undefined) return { error: `No handler registered for '${channel}'` };
  try {
    return { value: await handler({ sender: contents, senderFrame: contents.mainFrame }, ...args) };
  } catch (thrown) {
    return { error: `Error invoking remote method '${channel}': ${String(thrown)}` };
  }
}
