import type { Camera } from './camera';
import { type Coloring, opacityOf, pointSizeOf, type RowLayer, sizeFactors } from './row-layer';

/** The pixels of a point: where they lie from its middle, and how much of each it covers, of 256. */
interface Stamp {
  readonly offsets: Int32Array;
  readonly covers: Int32Array;
  readonly reach: number;
}

/**
 * Draws the rows pixel by pixel, where WebGL itself would be computed by the processor: a loop over a million points is a hundred
 * times faster than vertices and fragments that no graphics card works on.
 */
export class SoftwareRows implements RowLayer {
  private readonly context: CanvasRenderingContext2D;
  private before: Float32Array = new Float32Array(0);
  private places: Float32Array = new Float32Array(0);
  private coloring: Coloring | null = null;
  private image: ImageData | null = null;
  private margin = 0;
  private version = 0;
  private drawn = '';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly count: number,
  ) {
    this.context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  place(places: Float32Array): void {
    this.before = this.places.length > 0 ? this.places : places;
    this.places = places;
    this.version++;
  }

  color(coloring: Coloring): void {
    this.coloring = coloring;
    this.version++;
  }

  show(camera: Camera, isMoving: boolean): Promise<void> {
    if (!isMoving) {
      this.before = this.places;
      this.version++;
      this.look(camera, 1);
    }

    return Promise.resolve();
  }

  look(camera: Camera, moved: number): void {
    const { x, y, zoom, width, height } = camera;
    const view = `${x} ${y} ${zoom} ${width} ${height} ${devicePixelRatio} ${moved} ${this.version}`;
    if (view === this.drawn || !this.coloring) {
      return;
    }

    this.drawn = view;
    const stamps = this.prepare(camera);
    const { codes } = this.coloring;
    const hasFaint = codes.includes(1);
    if (hasFaint) {
      this.paint(camera, moved, stamps, 1, 1);
    }

    this.paint(camera, moved, stamps, 2, 255);
    this.context.putImageData(this.image!, -this.margin, -this.margin);
  }

  /** Clears the image, which is larger than the canvas by the largest point, and returns the points of each size. */
  private prepare(camera: Camera): readonly Stamp[] {
    const ratio = devicePixelRatio;
    const size = pointSizeOf(this.count) * camera.pointScale * ratio;
    const sizes = this.coloring!.sizes ? sizeFactors : [1];
    this.margin = Math.ceil((size * sizes[sizes.length - 1]!) / 2) + 1;
    const [width, height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }

    const [full, high] = [width + 2 * this.margin, height + 2 * this.margin];
    if (this.image?.width !== full || this.image.height !== high) {
      this.image = new ImageData(full, high);
    }

    const [red, green, blue] = this.coloring!.page;
    new Uint32Array(this.image.data.buffer).fill(0xff000000 | (blue << 16) | (green << 8) | red);
    const opacity = opacityOf(this.count, camera);
    return sizes.map(factor => stampOf(size * factor, full, opacity));
  }

  /** Paints the rows whose color has a number in a range. */
  private paint(camera: Camera, moved: number, stamps: readonly Stamp[], first: number, last: number): void {
    const { codes, palette, sizes } = this.coloring!;
    const { before, places, image } = this;
    const { width: full, height: high, data } = image!;
    const scale = camera.scale * devicePixelRatio;
    const left = full / 2 - camera.x * scale;
    const top = high / 2 + camera.y * scale;
    const isMoving = moved < 1 && before !== places;
    let stamp = stamps[0]!;
    for (let row = 0; row < this.count; row++) {
      const code = codes[row]!;
      if (code < first || code > last) {
        continue;
      }

      let [px, py] = [places[2 * row]!, places[2 * row + 1]!];
      if (isMoving) {
        px = before[2 * row]! + (px - before[2 * row]!) * moved;
        py = before[2 * row + 1]! + (py - before[2 * row + 1]!) * moved;
      }

      const [column, line] = [Math.floor(left + px * scale), Math.floor(top - py * scale)];
      if (sizes) {
        stamp = stamps[sizes[row]!]!;
      }

      const { offsets, covers, reach } = stamp;
      if (column < reach || line < reach || column >= full - reach || line >= high - reach) {
        continue;
      }

      const color = palette[code]!;
      const [red, green, blue] = [color[0], color[1], color[2]];
      const middle = line * full + column;
      for (let i = 0; i < offsets.length; i++) {
        const at = (middle + offsets[i]!) * 4;
        const cover = covers[i]!;
        data[at] = data[at]! + (((red - data[at]!) * cover) >> 8);
        data[at + 1] = data[at + 1]! + (((green - data[at + 1]!) * cover) >> 8);
        data[at + 2] = data[at + 2]! + (((blue - data[at + 2]!) * cover) >> 8);
      }
    }
  }
}

/** Returns the pixels of a disc. */
function stampOf(diameter: number, width: number, opacity: number): Stamp {
  const radius = diameter / 2;
  const reach = Math.ceil(radius);
  const [offsets, covers]: [number[], number[]] = [[], []];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const cover = Math.min(1, radius - Math.hypot(x, y) + 0.5) * opacity;
      if (cover > 0.05) {
        offsets.push(y * width + x);
        covers.push(Math.round(cover * 256));
      }
    }
  }

  return { offsets: Int32Array.from(offsets), covers: Int32Array.from(covers), reach };
}
