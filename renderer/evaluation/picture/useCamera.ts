import { onScopeDispose, shallowRef, type Ref } from 'vue';

/** Why there is no picture of the camera; each has a text of its own. */
export type CameraFault = 'denied' | 'none' | 'busy' | 'unsupported' | 'ended' | 'other';

type CameraView =
  | { readonly kind: 'off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'on'; readonly stream: MediaStream }
  | { readonly kind: 'failed'; readonly fault: CameraFault; readonly detail: string };

/** What `getUserMedia` rejects with (Media Capture and Streams, W3C). */
const FAULTS: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export function faultOf(thrown: unknown): CameraFault {
  return thrown instanceof Error || thrown instanceof DOMException
    ? (FAULTS[thrown.name] ?? 'other')
    : 'other';
}

/** The camera of this computer, without sound. It is off at first, and when the surrounding component is unmounted. */
export function useCamera(): {
  readonly view: Readonly<Ref<CameraView>>;
  open(): Promise<void>;
  close(): void;
} {
  const view = shallowRef<CameraView>({ kind: 'off' });
  let turn = 0;

  function close(): void {
    turn += 1;
    if (view.value.kind === 'on') stop(view.value.stream);
    view.value = { kind: 'off' };
  }

  async function open(): Promise<void> {
    close();
    const mine = turn;
    // Browsers offer no camera to pages without a secure address.
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (devices === undefined) {
      view.value = { kind: 'failed', fault: 'unsupported', detail: '' };
      return;
    }
    view.value = { kind: 'asking' };
    try {
      const stream = await devices.getUserMedia({
        audio: false,
        video: { width: { ideal: 640 }, height: { ideal: 480 } },
      });
      if (mine !== turn) return stop(stream);
      view.value = { kind: 'on', stream };
      stream.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (mine === turn) view.value = { kind: 'failed', fault: 'ended', detail: '' };
      });
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : '';
      if (mine === turn) view.value = { kind: 'failed', fault: faultOf(thrown), detail };
    }
  }

  onScopeDispose(close);
  return { view, open, close };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The picture that a video shows now, as a PNG; null before its first one. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob | null> {
  if (video.videoWidth === 0) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
