import { onBeforeUnmount, onMounted, onScopeDispose, ref, type Ref } from 'vue';
import { getRectOfNodes, useVueFlow } from '@vue-flow/core';
import { must } from '#core/diagnostics/invariantError.ts';
import type { NodeId } from '#core/document/ids.ts';
import type { Position } from '#core/document/schema.ts';
import { useCanvasStore } from '../stores/canvasStore.ts';

const ZOOM_STEP = 1.25;
const FIT_PADDING = 0.12;
/** Fitting a small network does not blow it up beyond its natural size. */
const LARGEST_FIT = 1;
/** A network is first shown at least this large, its beginning in view. */
const LEAST_BEGIN = 0.6;
const MARGIN_PX = 24;

/** Milliseconds that a change of the viewport takes; none where the system asks for no motion. */
function motionMs(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120;
}

/** Zoom, fit and positions of the canvas, offered to commands through the canvas store. `root` is the canvas element. */
export function useViewport(root: Readonly<Ref<HTMLElement | null>>) {
  const flow = useVueFlow();
  const canvas = useCanvasStore();
  const zoom = ref(1);
  let pointer: Position | null = null;

  function follow(event: MouseEvent): void {
    const isInside = event.target instanceof Node && root.value?.contains(event.target);
    pointer = isInside ? { x: event.clientX, y: event.clientY } : null;
  }
  window.addEventListener('mousemove', follow, { passive: true });
  onScopeDispose(() => window.removeEventListener('mousemove', follow));

  function pointerOnScreen(): Position {
    if (pointer) return pointer;
    const box = must(root.value, 'canvas').getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }

  function fit(ids?: readonly NodeId[]): void {
    void flow.fitView({
      padding: FIT_PADDING,
      maxZoom: LARGEST_FIT,
      duration: motionMs(),
      ...(ids ? { nodes: [...ids] } : {}),
    });
  }

  /** First sight of a network: all of it if that can be read, else its beginning. */
  function begin(): void {
    const box = root.value?.getBoundingClientRect();
    const nodes = flow.getNodes.value;
    if (!box || nodes.length === 0) return;
    const area = getRectOfNodes(nodes);
    const whole = Math.min(
      (box.width - 2 * MARGIN_PX) / area.width,
      (box.height - 2 * MARGIN_PX) / area.height,
    );
    const scale = Math.min(LARGEST_FIT, Math.max(LEAST_BEGIN, whole));
    const place = (size: number, from: number, extent: number): number =>
      extent * scale <= size - 2 * MARGIN_PX
        ? (size - extent * scale) / 2 - from * scale
        : MARGIN_PX - from * scale;
    void flow.setViewport({
      x: place(box.width, area.x, area.width),
      y: place(box.height, area.y, area.height),
      zoom: scale,
    });
  }

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
      focus: () => root.value?.focus({ preventScroll: true }),
    };
  });
  onBeforeUnmount(() => {
    canvas.api = null;
    canvas.search = null;
  });

  /** Brings a block into the middle if it is not fully seen. */
  function reveal(id: NodeId): void {
    const node = flow.findNode(id);
    const box = root.value?.getBoundingClientRect();
    if (!node || !box) return;
    const { x, y, zoom: scale } = flow.viewport.value;
    const left = node.position.x * scale + x;
    const top = node.position.y * scale + y;
    const isSeen =
      left >= 0 &&
      top >= 0 &&
      left + node.dimensions.width * scale <= box.width &&
      top + node.dimensions.height * scale <= box.height;
    if (isSeen && scale >= 0.5) return;
    const middle = {
      x: node.position.x + node.dimensions.width / 2,
      y: node.position.y + node.dimensions.height / 2,
    };
    void flow.setCenter(middle.x, middle.y, { zoom: Math.max(scale, 0.8), duration: motionMs() });
  }

  return { zoom, begin, reveal };
}
