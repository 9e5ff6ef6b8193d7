/** What a state byte says of a row or of a target. */
export const Bit = {
  chosen: 1,
  reached: 2,
  excluded: 4,
  copy: 8,
  kept: 16,
  madeTarget: 32,
  target: 64,
  outOfReach: 1,
  leftOut: 2,
} as const;
