import type KDBush from 'kdbush';
import type { Place } from './camera';

/** Returns the points inside a polygon, ascending. */
export function inside(index: KDBush, places: Float32Array, polygon: readonly Place[]): Uint32Array {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of polygon) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }

  const found = index
    .range(left, bottom, right, top)
    .filter(point => contains(polygon, places[2 * point]!, places[2 * point + 1]!));
  return Uint32Array.from(found).sort();
}

/** Returns the points inside a rectangle, ascending. */
export function within(index: KDBush, a: Place, b: Place): Uint32Array {
  return Uint32Array.from(
    index.range(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)),
  ).sort();
}

/** Returns the nearest point within a radius, or −1; of those that are preferred, if there is one. */
export function nearest(
  index: KDBush,
  places: Float32Array,
  at: Place,
  radius: number,
  isPreferred: (point: number) => boolean,
): number {
  let [best, bestDistance, bestIsPreferred] = [-1, Infinity, false];
  for (const point of index.within(at.x, at.y, radius)) {
    const distance = Math.hypot(places[2 * point]! - at.x, places[2 * point + 1]! - at.y);
    const preferred = isPreferred(point);
    if (preferred === bestIsPreferred ? distance < bestDistance : preferred) {
      [best, bestDistance, bestIsPreferred] = [point, distance, preferred];
    }
  }

  return best;
}

/** By the number of edges that a ray to the right crosses. */
function contains(polygon: readonly Place[], x: number, y: number): boolean {
  let isInside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[i]!, polygon[j]!];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) {
      isInside = !isInside;
    }
  }

  return isInside;
}
