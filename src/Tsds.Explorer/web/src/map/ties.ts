import type { RowDetail, TargetDetail } from '../api';
import type { PoolMap } from './pool-map';

/** The most lines of a row and of a target; of more the eye tells nothing. */
const [mostTargets, mostRows] = [50, 300];

/** The share of a target's mass that its circle holds. */
const held = 0.9;

/** Draws the lines between a row and the targets that pull it, or a target, its rows and its circle. */
export function tie(map: PoolMap, detail: RowDetail | TargetDetail, rowCount: number): void {
  if ('row' in detail) {
    const targets = (detail.targets ?? []).filter(target => target.mass > 0).slice(0, mostTargets);
    const most = Math.max(...targets.map(target => target.mass), 1e-300);
    map.setLines(
      targets.map(target => ({ from: detail.row, to: rowCount + target.target, weight: Math.sqrt(target.mass / most) })),
      detail.row,
      null,
    );
    return;
  }

  const center = rowCount + detail.target;
  const rows = detail.rows.slice(0, mostRows);
  const most = Math.max(...rows.map(row => row.mass), 1e-300);
  map.setLines(
    rows.map(row => ({ from: center, to: row.row, weight: 0.6 * Math.sqrt(row.mass / most) })),
    center,
    { center, radius: reachOnMap(map, center, detail) },
  );
}

/** The radius around a target that nine tenths of its mass stays in, on this map. */
function reachOnMap(map: PoolMap, center: number, detail: TargetDetail): number {
  const middle = map.placeOf(center);
  const reached = detail.rows
    .map(row => {
      const { x, y } = map.placeOf(row.row);
      return { distance: Math.hypot(x - middle.x, y - middle.y), mass: row.mass };
    })
    .sort((a, b) => a.distance - b.distance);
  let left = held * reached.reduce((sum, { mass }) => sum + mass, 0);
  for (const { distance, mass } of reached) {
    left -= mass;
    if (left <= 0) {
      return distance;
    }
  }

  return 0;
}
