import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Position } from '#core/document/schema.ts';
import type { Box } from '#core/layout/routeGeometry.ts';

/** Areas that a new card must not cover, beside the cards of the document. */
export interface Room {
  /** The visible part of the canvas; places within it are preferred. */
  readonly view: Box | null;
  /** Overlays of the canvas, such as the map. */
  readonly covered: readonly Box[];
}

/**
 * The functions of the mounted canvas for commands. Screen positions are CSS pixels of the window, canvas positions
 * those of the document.
 */
export interface CanvasApi {
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  /** Shows these blocks, or the whole network. */
  fit(ids?: readonly NodeId[]): void;
  toCanvas(screen: Position): Position;
  /** Canvas position under the pointer, or the middle of the visible part when the pointer is elsewhere. */
  pointer(): Position;
  /** The same on the screen. */
  pointerOnScreen(): Position;
  /** The part of the canvas where a card is fully visible, and its overlays. */
  room(): Room;
  /** Moves the canvas as little as needed to show this area. */
  show(area: Box): void;
  focus(): void;
}

/** The position of the search palette, and the port to which its choice is connected. */
export interface SearchRequest {
  readonly screen: Position;
  readonly at: Position;
  /** The port from which a wire was dragged; null when nothing is to be connected. */
  readonly from: { readonly port: Endpoint; readonly side: 'in' | 'out' } | null;
}

/** The interface of the canvas for other components. */
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
