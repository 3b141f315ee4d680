import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Position } from '#core/document/schema.ts';
import type { Box } from '#core/layout/routeGeometry.ts';

/** What a new card must keep clear of, beside the cards of the document. */
export interface Room {
  /** The part of the canvas that is seen; a place within it is preferred. */
  readonly view: Box | null;
  /** What lies over the canvas, such as the map. */
  readonly covered: readonly Box[];
}

/**
 * What the mounted canvas can do for commands. Screen positions are CSS pixels of the window, canvas positions the
 * document's.
 */
export interface CanvasApi {
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  /** Shows these blocks, or the whole network. */
  fit(ids?: readonly NodeId[]): void;
  toCanvas(screen: Position): Position;
  /** Canvas position under the pointer, or the middle of what is seen when the pointer is elsewhere. */
  pointer(): Position;
  /** The same on the screen. */
  pointerOnScreen(): Position;
  /** The part of the canvas in which a card can be seen in full, and what lies over it. */
  room(): Room;
  /** Moves the canvas as little as needed for this area to be seen. */
  show(area: Box): void;
  focus(): void;
}

/** Where the search palette stands and what its choice is connected to. */
export interface SearchRequest {
  readonly screen: Position;
  readonly at: Position;
  /** The port a wire was dragged from; null when nothing is to be connected. */
  readonly from: { readonly port: Endpoint; readonly side: 'in' | 'out' } | null;
}

/** The canvas as other parts see it. */
export const useCanvasStore = defineStore('canvas', () => {
  const api = shallowRef<CanvasApi | null>(null);
  const search = shallowRef<SearchRequest | null>(null);

  /** Opens the search palette at the pointer. */
  function openSearch(): void {
    const screen = api.value?.pointerOnScreen();
    if (api.value && screen) search.value = { screen, at: api.value.pointer(), from: null };
  }
  return { api, search, openSearch };
});
