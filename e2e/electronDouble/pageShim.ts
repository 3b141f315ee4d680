/**
 * The `electron` module of the preload inside the page; runs in Chromium, so it must not refer to anything outside
 * itself.
 */
export function installPageShim(): void {
  interface Bindings {
    doubleInvoke(channel: string, args: unknown[]): Promise<{ value?: unknown; error?: string }>;
    doublePortSend(id: number, data: unknown): Promise<void>;
    doubleElectron?: unknown;
    /** Path of the file that the spec drops: Chromium hides paths from pages. */
    doubleDropPath?: string;
    doubleReceive?: (channel: string, portIds: number[]) => void;
    doublePortReceive?: (id: number, data: unknown) => void;
    doublePortClose?: (id: number) => void;
  }
  const page = window as unknown as Bindings & Record<string, unknown>;
  const listeners = new Map<string, (event: { ports: MessagePort[] }) => void>();
  const relays = new Map<number, MessagePort>();

  const openRelay = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => void page.doublePortSend(id, data);
    relays.set(id, port1);
    return port2;
  };
  page.doubleReceive = (channel, portIds) => listeners.get(channel)?.({ ports: portIds.map(openRelay) });
  page.doublePortReceive = (id, data) => relays.get(id)?.postMessage(data);
  page.doublePortClose = (id) => relays.get(id)?.close();
  page.doubleElectron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => (page[name] = Object.freeze(api)) },
    webUtils: {
      getPathForFile: (file: File) => {
        const path = page.doubleDropPath ?? '';
        return path.endsWith(`/${file.name}`) ? path : '';
      },
    },
    ipcRenderer: {
      invoke: async (channel: string, ...args: unknown[]) => {
        const answer = await page.doubleInvoke(channel, args);
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.value;
      },
      on: (channel: string, listener: (event: { ports: MessagePort[] }) => void) =>
        listeners.set(channel, listener),
    },
  };
}
