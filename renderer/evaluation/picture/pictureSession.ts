import { shallowRef, type Ref } from 'vue';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../../client/useLab.ts';

/** The network that pictures are tried on. */
export type NetworkInfo = LabResult<'picture.open'>;
/** Which network is opened: a run and whose weights. */
export type NetworkChoice = Omit<LabParams<'picture.open'>, 'sessionId'>;

type SessionView =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly info: NetworkInfo }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The lab's session with one network: this page has one, and opening another network replaces it. */
export interface PictureSession {
  readonly sessionId: string;
  readonly view: Readonly<Ref<SessionView>>;
  /** True while this network is open or opening. */
  isOf(choice: NetworkChoice): boolean;
  /** Opens a network, unless it is open; returns null where that failed or another one was opened meanwhile. */
  open(choice: NetworkChoice): Promise<NetworkInfo | null>;
  /** The connection was lost, and the session with it. */
  forget(): void;
  /**
   * Runs `act`. Where the lab no longer keeps what it needs, as after a while without use, `show` sends the picture
   * again, the network is opened again if that does not suffice, and `act` is run once more.
   */
  keep<T>(act: () => Promise<T>, show: () => Promise<unknown>): Promise<T>;
}

export function createPictureSession(lab: Lab): PictureSession {
  const sessionId = crypto.randomUUID();
  const view = shallowRef<SessionView>({ kind: 'closed' });
  let opened: { readonly choice: NetworkChoice; answer: Promise<NetworkInfo | null> } | null = null;

  async function load(choice: NetworkChoice, isCurrent: () => boolean): Promise<NetworkInfo | null> {
    try {
      const info = await lab.call('picture.open', { sessionId, ...choice });
      if (!isCurrent()) return null;
      view.value = { kind: 'ready', info };
      return info;
    } catch (thrown) {
      if (isCurrent()) view.value = { kind: 'failed', error: toErrorData(thrown) };
      return null;
    }
  }

  function begin(choice: NetworkChoice): Promise<NetworkInfo | null> {
    view.value = { kind: 'opening' };
    const turn = { choice, answer: Promise.resolve<NetworkInfo | null>(null) };
    opened = turn;
    turn.answer = load(choice, () => opened === turn);
    return turn.answer;
  }

  const isOf = (choice: NetworkChoice): boolean =>
    opened !== null &&
    view.value.kind !== 'failed' &&
    JSON.stringify(opened.choice) === JSON.stringify(choice);

  return {
    sessionId,
    view,
    isOf,
    open: (choice) => (opened !== null && isOf(choice) ? opened.answer : begin(choice)),
    forget: () => {
      opened = null;
      view.value = { kind: 'closed' };
    },
    keep: async (act, show) => {
      try {
        return await act();
      } catch (thrown) {
        if (toErrorData(thrown).code !== 'picture-gone' || opened === null) throw thrown;
        const { choice } = opened;
        await show().catch(async () => {
          await begin(choice);
          await show();
        });
        return act();
      }
    },
  };
}
