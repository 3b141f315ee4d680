import type { Position } from '#core/document/schema.ts';

const RADIUS_PX = 12;
/** A port may be this far from the end of its route: cards without a line of parameters are lower. */
const SLACK_PX = { x: 6, y: 24 } as const;

/** SVG path along `points`, with horizontal or vertical segments and round corners. */
export function roundedPath(points: readonly Position[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (!before) return `M${point.x} ${point.y}`;
      if (!after) return `L${point.x} ${point.y}`;
      const radius = Math.min(RADIUS_PX, distance(before, point) / 2, distance(point, after) / 2);
      const start = towards(point, before, radius);
      const end = towards(point, after, radius);
      return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
    })
    .join('');
}

/** `route` with its ends at the ports' positions on the screen; null when a card has been moved away from it. */
export function routeBetween(
  route: readonly Position[] | undefined,
  from: Position,
  to: Position,
): readonly Position[] | null {
  const first = route?.[0];
  const last = route?.at(-1);
  if (!route || !first || !last || !isNear(first, from) || !isNear(last, to)) return null;
  return route.map((point, index) => {
    if (index === 0) return from;
    if (index === route.length - 1) return to;
    // The vertical segment at each end stays vertical.
    if (index === 1 && point.x === first.x) return { x: from.x, y: point.y };
    return index === route.length - 2 && point.x === last.x ? { x: to.x, y: point.y } : point;
  });
}

function isNear(a: Position, b: Position): boolean {
  return Math.abs(a.x - b.x) <= SLACK_PX.x && Math.abs(a.y - b.y) <= SLACK_PX.y;
}

function distance(a: Position, b: Position): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Position, to: Position, by: number): Position {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}
