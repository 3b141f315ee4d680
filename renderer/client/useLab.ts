import { onScopeDispose, getCurrentScope, shallowReadonly, shallowRef, type Ref } from 'vue';
import type { LabMethod, LabParams, LabResult } from '#core/contract/labApi.ts';
import type { LabEventName, LabEventOf } from './eventHub.ts';
import { LabClient, type ConnectionState } from './labClient.ts';
import { messagePortTransport } from './messagePortTransport.ts';
import { socketUrl, takePageToken } from './pageToken.ts';
import { shellBridge } from './shellBridge.ts';
import type { OpenTransport } from './transport.ts';
import { webSocketTransport } from './webSocketTransport.ts';

export interface Lab {
  call<M extends LabMethod>(method: M, params: LabParams<M>): Promise<LabResult<M>>;
  /** Listens until the surrounding component or store is unmounted, or until the returned function is called. */
  on<N extends LabEventName>(name: N, handler: (event: LabEventOf<N>) => void): () => void;
  readonly connection: Readonly<Ref<ConnectionState>>;
}

/** Starts the lab host again after it was given up, and connects to it. */
export function restartLab(): void {
  shellBridge()?.restartLab?.();
  sharedClient().retry();
}

let client: LabClient | null = null;
const connection = shallowRef<ConnectionState>({ kind: 'connecting' });

/** The only connection of this page to the lab host; created at the first call. */
export function useLab(): Lab {
  const lab = sharedClient();
  return {
    call: (method, params) => lab.call(method, params),
    on: (name, handler) => {
      const off = lab.on(name, handler);
      if (getCurrentScope() !== undefined) onScopeDispose(off);
      return off;
    },
    connection: shallowReadonly(connection),
  };
}

function sharedClient(): LabClient {
  if (client !== null) return client;
  client = new LabClient(transportOfThisPage());
  connection.value = client.state;
  client.watch((state) => {
    connection.value = state;
  });
  return client;
}

function transportOfThisPage(): OpenTransport {
  const shell = shellBridge();
  if (shell !== null) return messagePortTransport(window, () => shell.requestLabPort?.());
  return webSocketTransport(socketUrl(window, takePageToken(window)));
}
