import KDBush from 'kdbush';
import createScatterplot from 'regl-scatterplot';
import { h } from '../ui/dom';
import { Camera, type Place } from './camera';
import { Drawing, type Line } from './drawing';
import { type Mark, Marks } from './marks';
import { inside, nearest, within } from './region';

export type Mode = 'pan' | 'lasso' | 'box';

/** What the map tells: what was pointed at, clicked, or drawn around. */
export interface MapEvents {
  hover(point: number, at: Place): void;
  pick(point: number): void;
  region(rows: Uint32Array): void;
  view(): void;
}

export type Rgb = readonly [number, number, number];

/** Why there is no map. */
export class NoWebGl extends Error {}

const moveDuration = 700;
const changeDuration = 650;

/**
 * The map of the pool: the rows by regl-scatterplot, above them the marks (chosen rows, targets) and the drawing (lines, circle,
 * lasso). Pointer, touch and keys are all handled here; regl-scatterplot only draws.
 */
export class PoolMap {
  readonly camera = new Camera();
  mode: Mode = 'pan';

  private readonly scatterplot: ReturnType<typeof createScatterplot>;
  private readonly marks: Marks;
  private readonly drawing: Drawing;
  private readonly surface: HTMLElement;
  private readonly isSlow: boolean;
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');
  private rows: number[][] = [];
  private before = new Float32Array(0);
  private places = new Float32Array(0);
  private index: KDBush | null = null;
  private indexed: Promise<void> = Promise.resolve();
  private drawn: Promise<void> = Promise.resolve();
  private pageColor: Rgb = [255, 255, 255];
  private movedAt = 0;
  private changedAt = 0;
  private isAsked = false;
  private opacity = 0;
  private aimed = '';
  private isDrawn = false;
  private isPreferred: (row: number) => boolean = () => false;

  constructor(
    private readonly container: HTMLElement,
    private readonly rowCount: number,
    private readonly events: MapEvents,
  ) {
    const renderer = rendererName();
    if (renderer === null) {
      throw new NoWebGl('This browser shows no WebGL, which the map is drawn with.');
    }

    this.isSlow = /swiftshader|llvmpipe|software|basic render/iu.test(renderer) && rowCount > 50_000;
    const canvas = h('canvas', { class: 'layer', 'aria-hidden': 'true' });
    const marks = h('canvas', { class: 'layer', 'aria-hidden': 'true' });
    const drawing = h('canvas', { class: 'layer', 'aria-hidden': 'true' });
    this.surface = h('div', {
      class: 'layer surface',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'map',
      'aria-label': 'Map of the pool',
      'aria-describedby': 'map-keys',
    });
    container.append(canvas, marks, drawing, this.surface);
    this.measure([marks, drawing]);

    this.scatterplot = createScatterplot({
      canvas,
      performanceMode: this.isSlow,
      colorBy: 'valueA',
      sizeBy: 'valueB',
      pointColor: ['#b4b7bd', '#b4b7bd'],
      pointSize: pointSizeOf(rowCount),
      backgroundColor: '#ffffff',
      cameraIsFixed: true,
      lassoOnLongPress: false,
      lassoInitiator: false,
      actionKeyMap: {},
      deselectOnEscape: false,
      deselectOnDblClick: false,
      spatialIndexUseWorker: false,
    } as Parameters<typeof createScatterplot>[0]);
    if (!this.scatterplot.get('renderer').isSupported) {
      throw new NoWebGl('This browser’s WebGL has no textures of floating-point numbers, which the map is drawn with.');
    }

    this.marks = new Marks(marks, this.camera);
    this.drawing = new Drawing(drawing, this.camera);
    new ResizeObserver(() => {
      const wasWhole = this.isWhole;
      this.measure([marks, drawing]);
      if (wasWhole) {
        this.camera.fit();
      }

      this.look();
    }).observe(container);
    this.camera.fit();
    this.listen();
  }

  /** Whether the whole map is in view, as at the start. */
  get isWhole(): boolean {
    const fit = new Camera();
    fit.width = this.camera.width;
    fit.height = this.camera.height;
    fit.fit();
    return this.camera.x === 0 && this.camera.y === 0 && Math.abs(this.camera.zoom - fit.zoom) < 1e-9;
  }

  /** The element that the keyboard reaches. */
  get focusable(): HTMLElement {
    return this.surface;
  }

  placeOf(point: number): Place {
    return { x: this.places[2 * point]!, y: this.places[2 * point + 1]! };
  }

  /** Waits until points can be found by where they are. */
  get ready(): Promise<void> {
    return this.indexed;
  }

  /**
   * Places all points: rows, then targets. A second call moves them there.
   * @param coordinates x and y of each, 0 to 65535
   */
  async setPoints(coordinates: Uint16Array): Promise<void> {
    const places = new Float32Array(coordinates.length);
    for (let i = 0; i < coordinates.length; i++) {
      places[i] = coordinates[i]! / 32767.5 - 1;
    }

    const isFirst = this.rows.length === 0;
    this.before = isFirst ? places : this.places;
    this.places = places;
    if (isFirst) {
      this.rows = new Array(this.rowCount);
      for (let row = 0; row < this.rowCount; row++) {
        this.rows[row] = [places[2 * row]!, places[2 * row + 1]!, 0, 0];
      }
    } else {
      for (let row = 0; row < this.rowCount; row++) {
        this.rows[row]![0] = places[2 * row]!;
        this.rows[row]![1] = places[2 * row + 1]!;
      }
    }

    this.index = null;
    this.indexed = this.buildIndex(places);
    this.marks.place(this.before, places);
    if (!isFirst) {
      await this.draw(!this.still.matches && !this.isSlow);
    }
  }

  /**
   * Colors all rows.
   * @param codes the number of each row's color; those of 0 lie below those of 1, and these below all others
   * @param sizes for each row 0 to 3, from its usual size upwards; null for all the usual size
   */
  async setColors(codes: Uint8Array, palette: readonly string[], page: Rgb, sizes: Uint8Array | null): Promise<void> {
    const counts = [0, 0, 0];
    for (let row = 0; row < this.rowCount; row++) {
      counts[Math.min(2, codes[row]!)]!++;
    }

    await this.drawn.catch(() => undefined);
    this.pageColor = page;
    for (let row = 0; row < this.rowCount; row++) {
      this.rows[row]![2] = codes[row]!;
      this.rows[row]![3] = sizes ? sizes[row]! : 0;
    }

    let order: number[] | null = null;
    if (Math.max(...counts) < this.rowCount) {
      order = new Array<number>(this.rowCount);
      const next = [0, counts[0]!, counts[0]! + counts[1]!];
      for (let row = 0; row < this.rowCount; row++) {
        order[next[Math.min(2, codes[row]!)]!++] = row;
      }
    }

    const size = pointSizeOf(this.rowCount);
    this.scatterplot.set({
      pointColor: [...palette],
      pointSize: [size, size * 1.4, size * 1.8, size * 2.3],
      backgroundColor: `#${page.map(part => part.toString(16).padStart(2, '0')).join('')}`,
      ...(this.isDrawn ? { pointOrder: order } : {}),
    });
    await this.draw(false);
    if (!this.isDrawn) {
      this.isDrawn = true;
      if (order) {
        this.scatterplot.set({ pointOrder: order });
      }
    }
  }

  /** Shows marks, which grow and shrink from their old size to their new one. */
  setMarks(marks: readonly Mark[], isAnimated: boolean): void {
    this.marks.set(marks, this.before, this.places);
    this.changedAt = isAnimated && !this.still.matches ? performance.now() : 0;
    this.look();
  }

  /** Draws lines between points, and a circle. */
  setLines(lines: readonly Line[], focus: number | null, circle: { center: number; radius: number } | null): void {
    this.drawing.lines = lines;
    this.drawing.focus = focus;
    this.drawing.circle = circle;
    this.look();
  }

  /** Sets the colors of the drawing over the map. */
  setInk(ink: string, accent: string): void {
    this.drawing.ink = ink;
    this.drawing.accent = accent;
    this.look();
  }

  /** Points that are preferred where several could be meant. */
  prefer(isPreferred: (row: number) => boolean): void {
    this.isPreferred = isPreferred;
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    this.surface.dataset['mode'] = mode;
  }

  /** Removes the outline of the last lasso. */
  clearRegion(): void {
    this.drawing.outline = null;
    this.look();
  }

  /** Returns the rows in view. */
  async rowsInView(): Promise<Uint32Array> {
    await this.indexed;
    const { width, height } = this.camera;
    const rows = within(this.index!, this.camera.toMap({ x: 0, y: 0 }), this.camera.toMap({ x: width, y: height }));
    return rows;
  }

  /** Goes to a point without changing more of the view than needed. */
  reveal(point: number): void {
    const place = this.placeOf(point);
    const { x, y } = this.camera.toScreen(place);
    if (x < 40 || y < 40 || x > this.camera.width - 40 || y > this.camera.height - 40) {
      this.flyTo(place, Math.max(this.camera.zoom, 1));
    }
  }

  /** Moves the view there, smoothly where motion is wanted. */
  flyTo(to: Place, zoom: number): void {
    const from = { x: this.camera.x, y: this.camera.y, zoom: this.camera.zoom };
    const start = performance.now();
    const step = () => {
      const t = this.still.matches ? 1 : Math.min(1, (performance.now() - start) / 400);
      const s = t * t * (3 - 2 * t);
      this.camera.x = from.x + (to.x - from.x) * s;
      this.camera.y = from.y + (to.y - from.y) * s;
      this.camera.zoom = from.zoom * (zoom / from.zoom) ** s;
      this.look();
      if (t < 1) {
        requestAnimationFrame(step);
      } else {
        this.events.view();
      }
    };
    step();
  }

  fit(): void {
    const whole = new Camera();
    whole.width = this.camera.width;
    whole.height = this.camera.height;
    whole.fit();
    this.flyTo({ x: 0, y: 0 }, whole.zoom);
  }

  zoomBy(factor: number): void {
    this.camera.zoomAt(factor, { x: this.camera.width / 2, y: this.camera.height / 2 });
    this.look();
    this.events.view();
  }

  /** Draws with the camera as it is now. */
  look(): void {
    if (this.isAsked) {
      return;
    }

    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      if (this.isDrawn) {
        this.fade();
        this.aim();
      }

      const now = performance.now();
      const moved = this.movedAt ? Math.min(1, (now - this.movedAt) / moveDuration) : 1;
      const changed = this.changedAt ? Math.min(1, (now - this.changedAt) / changeDuration) : 1;
      this.marks.draw(cubic(moved), cubic(changed), this.pageColor);
      this.drawing.draw(point => this.placeNow(point, cubic(moved)));
      if (moved < 1 || changed < 1) {
        this.look();
      }
    });
  }

  private placeNow(point: number, moved: number): Place {
    const at = 2 * point;
    return {
      x: this.before[at]! + (this.places[at]! - this.before[at]!) * moved,
      y: this.before[at + 1]! + (this.places[at + 1]! - this.before[at + 1]!) * moved,
    };
  }

  private draw(isMoving: boolean): Promise<void> {
    const work = async () => {
      await this.indexed;
      if (isMoving) {
        this.movedAt = performance.now();
        this.look();
      } else {
        this.before = this.places;
        this.movedAt = 0;
        this.marks.place(this.places, this.places);
      }

      this.fade();
      this.aim();
      await this.scatterplot.draw(this.rows, {
        zDataType: 'categorical',
        wDataType: 'categorical',
        spatialIndex: this.index!.data as ArrayBuffer,
        ...(isMoving ? { transition: true, transitionDuration: moveDuration, transitionEasing: cubic } : {}),
      });
      this.look();
    };
    this.drawn = this.drawn.then(work, work);
    return this.drawn;
  }

  /** Gives the rows the view of the camera, where it is another: all of them are drawn again, marks and lines alone are not. */
  private aim(): void {
    const matrix = this.camera.matrix();
    const view = `${this.camera.width} ${this.camera.height} ${[...matrix].join(' ')}`;
    if (view !== this.aimed) {
      this.aimed = view;
      this.scatterplot.set({ cameraView: matrix as unknown as Float32Array });
    }
  }

  /** Many points in a small place are drawn fainter, so that dense and sparse regions differ. */
  private fade(): void {
    const size = pointSizeOf(this.rowCount) * this.camera.pointScale;
    const { width, height, zoom } = this.camera;
    const share = (0.3 * width * height) / ((this.rowCount * size * size) / Math.max(1, zoom * zoom));
    const opacity = this.isSlow ? 1 : Math.min(0.9, Math.max(0.28, share));
    if (Math.abs(opacity - this.opacity) > 0.04) {
      this.opacity = opacity;
      this.scatterplot.set({ opacity });
    }
  }

  private buildIndex(places: Float32Array): Promise<void> {
    const x = new Float32Array(this.rowCount);
    const y = new Float32Array(this.rowCount);
    for (let row = 0; row < this.rowCount; row++) {
      x[row] = places[2 * row]!;
      y[row] = places[2 * row + 1]!;
    }

    return new Promise((resolve, reject) => {
      const worker = new Worker('/index-worker.js', { type: 'module' });
      worker.onmessage = (event: MessageEvent<ArrayBuffer>) => {
        worker.terminate();
        if (places === this.places) {
          this.index = KDBush.from(event.data);
        }

        resolve();
      };
      worker.onerror = event => {
        worker.terminate();
        reject(new Error(event.message || 'The index of the map could not be built.'));
      };
      worker.postMessage({ x, y }, [x.buffer, y.buffer]);
    });
  }

  private measure(canvases: HTMLCanvasElement[]): void {
    const { width, height } = this.container.getBoundingClientRect();
    this.camera.width = Math.max(1, width);
    this.camera.height = Math.max(1, height);
    for (const canvas of canvases) {
      canvas.width = Math.round(this.camera.width * devicePixelRatio);
      canvas.height = Math.round(this.camera.height * devicePixelRatio);
    }
  }

  /** Returns the point under a place of the screen: a target before a row, a chosen row before another one. */
  private pointAt(screen: Place, isTouch = false): number {
    if (this.places.length === 0) {
      return -1;
    }

    const at = this.camera.toMap(screen);
    const reach = (isTouch ? 18 : 11) / this.camera.scale;
    let [best, bestDistance] = [-1, reach];
    for (let point = this.rowCount; point < this.places.length / 2; point++) {
      const distance = Math.hypot(this.places[2 * point]! - at.x, this.places[2 * point + 1]! - at.y);
      if (distance < bestDistance) {
        [best, bestDistance] = [point, distance];
      }
    }

    if (best >= 0 || !this.index) {
      return best;
    }

    return nearest(this.index, this.places, at, (isTouch ? 22 : 9) / this.camera.scale, this.isPreferred);
  }

  private listen(): void {
    const pointers = new Map<number, Place>();
    let start: Place | null = null;
    let isMoved = false;
    let region: Place[] = [];
    const at = (event: PointerEvent | WheelEvent): Place => {
      const box = this.surface.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    this.surface.addEventListener('pointerdown', event => {
      if (event.button > 0) {
        return;
      }

      this.surface.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      start = at(event);
      isMoved = false;
      region = [];
    });

    this.surface.addEventListener('pointermove', event => {
      const now = at(event);
      const last = pointers.get(event.pointerId);
      if (!last) {
        this.events.hover(this.pointAt(now), now);
        return;
      }

      if (start && Math.hypot(now.x - start.x, now.y - start.y) > 4 && !isMoved) {
        isMoved = true;
        region = [this.camera.toMap(start)];
        this.events.hover(-1, now);
      }

      const isDrawn = (event.shiftKey ? 'lasso' : this.mode) !== 'pan' && pointers.size === 1;
      if (isMoved && isDrawn) {
        const end = this.camera.toMap(now);
        if (this.mode === 'box') {
          const a = region[0]!;
          region = [a, { x: end.x, y: a.y }, end, { x: a.x, y: end.y }];
        } else {
          region.push(end);
        }

        this.drawing.outline = region;
        this.look();
      } else if (pointers.size === 2) {
        const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
        const distance = (place: Place) => Math.max(10, Math.hypot(place.x - other!.x, place.y - other!.y));
        const middle = { x: (now.x + other!.x) / 2, y: (now.y + other!.y) / 2 };
        this.camera.zoomAt(distance(now) / distance(last), middle);
        this.camera.pan((now.x - last.x) / 2, (now.y - last.y) / 2);
        isMoved = true;
        this.look();
      } else if (isMoved) {
        this.camera.pan(now.x - last.x, now.y - last.y);
        this.look();
      }

      pointers.set(event.pointerId, now);
    });

    const end = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId) || pointers.size > 0) {
        return;
      }

      if (!isMoved && event.type === 'pointerup') {
        this.events.pick(this.pointAt(at(event), event.pointerType === 'touch'));
      } else if (region.length > 2 && this.drawing.outline === region && this.index) {
        this.events.region(inside(this.index, this.places, region));
      } else if (isMoved) {
        this.events.view();
      }

      region = [];
      start = null;
    };
    this.surface.addEventListener('pointerup', end);
    this.surface.addEventListener('pointercancel', end);
    this.surface.addEventListener('pointerleave', event => {
      if (!pointers.has(event.pointerId)) {
        this.events.hover(-1, at(event));
      }
    });

    let settled = 0;
    this.surface.addEventListener(
      'wheel',
      event => {
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 16 : 1;
        this.camera.zoomAt(Math.exp(-event.deltaY * lines * 0.0016), at(event));
        this.look();
        clearTimeout(settled);
        settled = window.setTimeout(() => this.events.view(), 200);
      },
      { passive: false },
    );

    this.surface.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }

      const step = event.shiftKey ? 160 : 40;
      const moves: Record<string, () => void> = {
        ArrowLeft: () => this.camera.pan(step, 0),
        ArrowRight: () => this.camera.pan(-step, 0),
        ArrowUp: () => this.camera.pan(0, step),
        ArrowDown: () => this.camera.pan(0, -step),
        '+': () => this.zoomBy(1.25),
        '=': () => this.zoomBy(1.25),
        '-': () => this.zoomBy(0.8),
        '0': () => this.fit(),
        Enter: () => this.pickMiddle(),
      };
      const move = moves[event.key];
      if (move) {
        event.preventDefault();
        move();
        this.look();
        clearTimeout(settled);
        settled = window.setTimeout(() => this.events.view(), 200);
      }
    });
    const cross = () => {
      this.drawing.isAimed = this.surface.matches(':focus-visible');
      this.look();
    };
    this.surface.addEventListener('focus', cross);
    this.surface.addEventListener('blur', cross);
  }

  /** Picks the point nearest to the middle, as Enter does. */
  private pickMiddle(): void {
    const { width, height } = this.camera;
    for (let reach = 12; reach < Math.max(width, height) && this.index; reach *= 2) {
      const at = this.camera.toMap({ x: width / 2, y: height / 2 });
      const point = nearest(this.index, this.places, at, reach / this.camera.scale, this.isPreferred);
      if (point >= 0) {
        this.events.pick(point);
        return;
      }
    }
  }
}

const cubic = (t: number): number => (t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2);

const pointSizeOf = (rows: number): number => (rows < 3_000 ? 6 : rows < 20_000 ? 4.5 : rows < 100_000 ? 3 : rows < 400_000 ? 2.2 : 1.6);

/** Returns what draws, or null where there is no WebGL. */
function rendererName(): string | null {
  const gl = document.createElement('canvas').getContext('webgl');
  if (!gl) {
    return null;
  }

  const about = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}
