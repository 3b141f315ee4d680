import { nextTick, onBeforeUnmount, onMounted, onScopeDispose, ref, watch, type Ref } from 'vue';
import { getRectOfNodes, useVueFlow } from '@vue-flow/core';
import { must } from '#core/diagnostics/invariantError.ts';
import { toNodeId, type NodeId } from '#core/diagnostics/ids.ts';
import type { Position } from '#core/document/schema.ts';
import { useLayoutStore } from '../../app/layoutStore.ts';
import { useCanvasStore, type CanvasApi } from '../state/canvasStore.ts';
import { firstView, fittingView, isSeen, LEAST_READABLE, roomOf, viewShowing } from './viewMath.ts';

const ZOOM_STEP = 1.25;

/** Duration of viewport changes in milliseconds; 0 where the system asks for reduced motion. */
function motionMs(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120;
}

/** The pointer's position over `root`, in screen pixels, or its middle when the pointer is elsewhere. */
function usePointer(root: Readonly<Ref<HTMLElement | null>>): () => Position {
  let pointer: Position | null = null;
  function follow(event: MouseEvent): void {
    const isInside = event.target instanceof Node && root.value?.contains(event.target);
    pointer = isInside ? { x: event.clientX, y: event.clientY } : null;
  }
  window.addEventListener('mousemove', follow, { passive: true });
  onScopeDispose(() => window.removeEventListener('mousemove', follow));
  return () => {
    if (pointer) return pointer;
    const box = must(root.value, 'canvas').getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };
}

type Flow = Pick<ReturnType<typeof useVueFlow>, 'viewport' | 'setViewport'>;

/** The visible part of the canvas, and scrolling of other parts into view. */
function showing(root: Readonly<Ref<HTMLElement | null>>, flow: Flow): Pick<CanvasApi, 'room' | 'show'> {
  const boxOf = (): DOMRect => must(root.value, 'canvas').getBoundingClientRect();
  return {
    room: () => {
      const { width, height } = boxOf();
      return width > 0 ? roomOf({ width, height }, flow.viewport.value) : { view: null, covered: [] };
    },
    show: (area) => {
      const box = boxOf();
      const view = flow.viewport.value;
      const moved = viewShowing(box, area, view);
      if (box.width > 0 && (moved.x !== view.x || moved.y !== view.y))
        void flow.setViewport(moved, { duration: motionMs() });
    },
  };
}

/** A network that is all in view stays so when its source code is shown or hidden beside it. */
function useFitBeside(
  root: Readonly<Ref<HTMLElement | null>>,
  flow: Pick<ReturnType<typeof useVueFlow>, 'viewport' | 'getNodes'>,
  fit: () => void,
): void {
  const layout = useLayoutStore();
  watch(
    () => layout.closed.source,
    async () => {
      const box = root.value?.getBoundingClientRect();
      const nodes = flow.getNodes.value;
      if (!box || nodes.length === 0 || !isSeen(box, getRectOfNodes(nodes), flow.viewport.value)) return;
      await nextTick();
      fit();
    },
  );
}

/**
 * Zoom, fit and positions of the canvas, offered to commands through the canvas store. `root` is the canvas element.
 */
export function useViewport(root: Readonly<Ref<HTMLElement | null>>) {
  const flow = useVueFlow();
  const canvas = useCanvasStore();
  const zoom = ref(1);
  const pointerOnScreen = usePointer(root);

  function fit(ids?: readonly NodeId[]): void {
    const box = root.value?.getBoundingClientRect();
    const nodes = flow.getNodes.value.filter(({ id }) => !ids || ids.includes(toNodeId(id)));
    if (!box || nodes.length === 0) return;
    const view = fittingView(box, getRectOfNodes(nodes), flow.minZoom.value);
    void flow.setViewport(view, { duration: motionMs() });
  }

  /** First view of a network: all of it if it is readable, else its beginning. */
  function begin(): void {
    const box = root.value?.getBoundingClientRect();
    const nodes = flow.getNodes.value;
    if (box && nodes.length > 0) void flow.setViewport(firstView(box, getRectOfNodes(nodes)));
  }

  useFitBeside(root, flow, fit);
  flow.onViewportChange((viewport) => {
    zoom.value = viewport.zoom;
  });

  onMounted(() => {
    canvas.api = {
      zoomIn: () => void flow.zoomTo(flow.viewport.value.zoom * ZOOM_STEP, { duration: motionMs() }),
      zoomOut: () => void flow.zoomTo(flow.viewport.value.zoom / ZOOM_STEP, { duration: motionMs() }),
      zoomReset: () => void flow.zoomTo(1, { duration: motionMs() }),
      fit,
      toCanvas: (screen) => flow.screenToFlowCoordinate(screen),
      pointer: () => flow.screenToFlowCoordinate(pointerOnScreen()),
      pointerOnScreen,
      ...showing(root, flow),
      focus: () => root.value?.focus({ preventScroll: true }),
    };
  });
  onBeforeUnmount(() => {
    canvas.api = null;
    canvas.search = null;
  });

  /** Centres a block if it is not fully visible. */
  function reveal(id: NodeId): void {
    const node = flow.findNode(id);
    const box = root.value?.getBoundingClientRect();
    if (!node || !box) return;
    const area = { ...node.position, ...node.dimensions };
    const view = flow.viewport.value;
    if (isSeen(box, area, view)) return;
    const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
    void flow.setCenter(middle.x, middle.y, {
      zoom: Math.max(view.zoom, LEAST_READABLE),
      duration: motionMs(),
    });
  }

  return { zoom, begin, reveal };
}
