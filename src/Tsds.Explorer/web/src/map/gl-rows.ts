import createScatterplot from 'regl-scatterplot';
import { css } from '../colors';
import type { Camera } from './camera';
import { type Coloring, cubic, moveDuration, opacityOf, pointSizeOf, type RowLayer, sizeFactors } from './row-layer';

/** Draws the rows by WebGL, with regl-scatterplot. */
export class GlRows implements RowLayer {
  private readonly scatterplot: ReturnType<typeof createScatterplot>;
  private rows: number[][] = [];
  private order: number[] | null = null;
  private opacity = 0;
  private aimed = '';
  private isDrawn = false;

  /**
   * @param count the number of rows
   * @param indexOf gives the spatial index of the rows, which regl-scatterplot would make itself otherwise
   */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly count: number,
    private readonly indexOf: () => Promise<ArrayBuffer>,
  ) {
    this.scatterplot = createScatterplot({
      canvas,
      colorBy: 'valueA',
      sizeBy: 'valueB',
      pointColor: ['#b4b7bd', '#b4b7bd'],
      pointSize: pointSizeOf(count),
      backgroundColor: '#ffffff',
      cameraIsFixed: true,
      lassoOnLongPress: false,
      lassoInitiator: false,
      actionKeyMap: {},
      deselectOnEscape: false,
      deselectOnDblClick: false,
      spatialIndexUseWorker: false,
    } as Parameters<typeof createScatterplot>[0]);
  }

  /** Whether the browser has the textures that the rows are drawn with. */
  get isSupported(): boolean {
    return this.scatterplot.get('renderer').isSupported;
  }

  async ready(): Promise<void> {
    await this.indexOf();
  }

  place(places: Float32Array): void {
    const { rows } = this;
    if (rows.length === 0) {
      this.rows = Array.from({ length: this.count }, (_, row) => [places[2 * row]!, places[2 * row + 1]!, 0, 0]);
      return;
    }

    for (let row = 0; row < this.count; row++) {
      rows[row]![0] = places[2 * row]!;
      rows[row]![1] = places[2 * row + 1]!;
    }
  }

  color({ codes, palette, page, sizes }: Coloring): void {
    const counts = [0, 0, 0];
    for (let row = 0; row < this.count; row++) {
      counts[Math.min(2, codes[row]!)]!++;
      this.rows[row]![2] = codes[row]!;
      this.rows[row]![3] = sizes ? sizes[row]! : 0;
    }

    this.order = null;
    if (Math.max(...counts) < this.count) {
      this.order = new Array<number>(this.count);
      const next = [0, counts[0]!, counts[0]! + counts[1]!];
      for (let row = 0; row < this.count; row++) {
        this.order[next[Math.min(2, codes[row]!)]!++] = row;
      }
    }

    const size = pointSizeOf(this.count);
    this.scatterplot.set({
      pointColor: palette.map(css),
      pointSize: sizeFactors.map(factor => size * factor),
      backgroundColor: css(page),
      ...(this.isDrawn ? { pointOrder: this.order } : {}),
    });
  }

  async show(camera: Camera, isMoving: boolean): Promise<void> {
    this.fade(camera);
    this.aim(camera);
    await this.scatterplot.draw(this.rows, {
      zDataType: 'categorical',
      wDataType: 'categorical',
      spatialIndex: await this.indexOf(),
      ...(isMoving ? { transition: true, transitionDuration: moveDuration, transitionEasing: cubic } : {}),
    });
    if (!this.isDrawn) {
      this.isDrawn = true;
      if (this.order) {
        this.scatterplot.set({ pointOrder: this.order });
      }
    }
  }

  look(camera: Camera): void {
    if (this.isDrawn) {
      this.fade(camera);
      this.aim(camera);
    }
  }

  /** Gives the rows the view of the camera, where it is another: all of them are drawn again, marks and lines alone are not. */
  private aim(camera: Camera): void {
    const matrix = camera.matrix();
    const view = `${camera.width} ${camera.height} ${[...matrix].join(' ')}`;
    if (view !== this.aimed) {
      this.aimed = view;
      this.scatterplot.set({ cameraView: matrix as unknown as Float32Array });
    }
  }

  private fade(camera: Camera): void {
    const opacity = opacityOf(this.count, camera);
    if (Math.abs(opacity - this.opacity) > 0.04) {
      this.opacity = opacity;
      this.scatterplot.set({ opacity });
    }
  }
}
