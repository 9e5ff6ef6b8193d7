import type { Camera } from './camera';

export type Rgb = readonly [number, number, number];

/** How the rows of the map are colored. */
export interface Coloring {
  /** The number of each row's color; those of 0 lie below those of 1, and these below all others. */
  readonly codes: Uint8Array;
  readonly palette: readonly Rgb[];
  readonly page: Rgb;
  /** For each row 0 to 3, from its usual size upwards; null for all the usual size. */
  readonly sizes: Uint8Array | null;
}

/** What draws the rows of the map, all at once; marks and lines lie above it. */
export interface RowLayer {
  /** Waits until the rows can be shown where they were placed last. */
  ready(): Promise<void>;
  /** Places the rows, x and y of each from −1 to 1; nothing is drawn before {@link show}. */
  place(places: Float32Array): void;
  color(coloring: Coloring): void;
  /**
   * Draws the rows as they were placed and colored last.
   * @param isMoving whether they glide there from where they were
   */
  show(camera: Camera, isMoving: boolean): Promise<void>;
  /**
   * Draws a frame, where it differs from the last one.
   * @param moved how far the rows are on their way, 0 to 1
   */
  look(camera: Camera, moved: number): void;
}

/** How much larger the rows of each size are. */
export const sizeFactors = [1, 1.4, 1.8, 2.3] as const;

/** The diameter of a point in pixels at the first view. */
export const pointSizeOf = (rows: number): number => (rows < 3_000 ? 6 : rows < 20_000 ? 4.5 : rows < 100_000 ? 3 : rows < 400_000 ? 2.2 : 1.6);

/** Many points in a small place are drawn fainter, so that dense and sparse regions differ. */
export function opacityOf(rows: number, { width, height, zoom, pointScale }: Camera): number {
  const size = pointSizeOf(rows) * pointScale;
  const share = (0.3 * width * height) / ((rows * size * size) / Math.max(1, zoom * zoom));
  return Math.min(0.9, Math.max(0.28, share));
}

/** The duration of a glide from one projection to another, in milliseconds. */
export const moveDuration = 700;

export const cubic = (t: number): number => (t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2);
