import { ref, type Ref, type ShallowRef } from 'vue';
import {
  boundedView,
  placeAt,
  zoomedView,
  type MatrixFrame,
  type MatrixPlace,
  type MatrixView,
} from './matrixView.ts';

/** Movements smaller than this are a click. */
const CLICK_PX = 4;
/** A pinch arrives as a wheel with Ctrl and small steps. */
const PER_WHEEL_PX = { wheel: 0.0016, pinch: 0.01 };

/** The pointer on the matrix: it shows a cell, drags the matrix, chooses a cell, and zooms with the wheel. */
export function useMatrixPointer(options: {
  readonly view: ShallowRef<MatrixView>;
  readonly frame: () => MatrixFrame;
  readonly classes: () => number;
  readonly choose: (place: MatrixPlace) => void;
}): {
  readonly hovered: Ref<MatrixPlace | null>;
  readonly isDragging: Ref<boolean>;
  down(event: PointerEvent): void;
  move(event: PointerEvent): void;
  up(event: PointerEvent): void;
  leave(): void;
  wheel(event: WheelEvent): void;
} {
  const { view } = options;
  const hovered = ref<MatrixPlace | null>(null);
  const isDragging = ref(false);
  let start: { readonly x: number; readonly y: number; readonly view: MatrixView } | null = null;

  const placeOf = (event: MouseEvent): MatrixPlace | null =>
    placeAt({ x: event.offsetX, y: event.offsetY }, view.value, options.frame(), options.classes());

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    start = { x: event.clientX, y: event.clientY, view: view.value };
    if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent): void {
    hovered.value = placeOf(event);
    if (start === null) return;
    const [x, y] = [event.clientX - start.x, event.clientY - start.y];
    if (Math.hypot(x, y) >= CLICK_PX) isDragging.value = true;
    if (!isDragging.value) return;
    const moved = { ...start.view, x: start.view.x - x, y: start.view.y - y };
    view.value = boundedView(moved, options.frame(), options.classes());
  }

  function up(event: PointerEvent): void {
    const place = placeOf(event);
    if (start !== null && !isDragging.value && place !== null) options.choose(place);
    start = null;
    isDragging.value = false;
  }

  /** Zooms at the pointer. A matrix that cannot be zoomed further lets the panel scroll. */
  function wheel(event: WheelEvent): void {
    const factor = Math.exp(-event.deltaY * (event.ctrlKey ? PER_WHEEL_PX.pinch : PER_WHEEL_PX.wheel));
    const scene = { frame: options.frame(), classes: options.classes() };
    const next = zoomedView(view.value, factor, { x: event.offsetX, y: event.offsetY }, scene);
    if (next.zoom === view.value.zoom && !event.ctrlKey) return;
    event.preventDefault();
    view.value = next;
    hovered.value = placeOf(event);
  }

  return {
    ...{ hovered, isDragging, down, move, up, wheel },
    leave: () => {
      if (!isDragging.value) hovered.value = null;
    },
  };
}
