import {
  labEventSchema,
  responseFrameSchema,
  type LabEvent,
  type ResponseFrame,
} from '#core/contract/labApi.ts';

type IncomingFrame =
  | { readonly kind: 'response'; readonly response: ResponseFrame }
  | { readonly kind: 'event'; readonly event: LabEvent }
  /** `id`: the call that the frame seems to answer, so that the caller need not wait for ever. */
  | { readonly kind: 'refused'; readonly reason: string; readonly id: number | null };

/** Parses one incoming frame; refuses with a reason whatever the contract does not describe. */
export function parseFrame(frame: unknown): IncomingFrame {
  if (typeof frame !== 'object' || frame === null) return refused('not an object', frame);
  if ('event' in frame) {
    const event = labEventSchema.safeParse(frame);
    return event.success ? { kind: 'event', event: event.data } : refused(event.error.message, frame);
  }
  const response = responseFrameSchema.safeParse(frame);
  return response.success
    ? { kind: 'response', response: response.data }
    : refused(response.error.message, frame);
}

function refused(reason: string, frame: unknown): IncomingFrame {
  const hasId = typeof frame === 'object' && frame !== null && 'id' in frame && typeof frame.id === 'number';
  return { kind: 'refused', reason, id: hasId ? (frame as { id: number }).id : null };
}
