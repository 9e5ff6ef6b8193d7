import KDBush from 'kdbush';
import { h } from '../ui/dom';
import { Camera, type Place } from './camera';
import { Drawing, type Line } from './drawing';
import { GlRows } from './gl-rows';
import { type Mark, Marks } from './marks';
import { inside, nearest, within } from './region';
import { type Coloring, cubic, moveDuration, type Rgb, type RowLayer } from './row-layer';
import { SoftwareRows } from './software-rows';

export type Mode = 'pan' | 'lasso' | 'box';

/** What the map tells: what was pointed at, clicked, or drawn around. */
export interface MapEvents {
  hover(point: number, at: Place): void;
  pick(point: number): void;
  region(rows: Uint32Array): void;
  view(): void;
}

/** Why there is no map. */
export class NoWebGl extends Error {}

const changeDuration = 650;

/**
 * The map of the pool: the rows in a layer of their own, above them the marks (chosen rows, targets) and the drawing (lines,
 * circle, lasso). Pointer, touch and keys are all handled here.
 */
export class PoolMap {
  readonly camera = new Camera();
  mode: Mode = 'pan';

  private readonly layer: RowLayer;
  private readonly marks: Marks;
  private readonly drawing: Drawing;
  private readonly surface: HTMLElement;
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');
  private before = new Float32Array(0);
  private places = new Float32Array(0);
  private index: KDBush | null = null;
  private indexed: Promise<void> = Promise.resolve();
  private drawn: Promise<void> = Promise.resolve();
  private pageColor: Rgb = [255, 255, 255];
  private movedAt = 0;
  private changedAt = 0;
  private isAsked = false;
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

    this.layer = /swiftshader|llvmpipe|software|basic render/iu.test(renderer) ? new SoftwareRows(canvas, rowCount) : this.createGlRows(canvas);
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

    const isFirst = this.places.length === 0;
    this.before = isFirst ? places : this.places;
    this.places = places;
    this.layer.place(places);
    this.index = null;
    this.indexed = this.buildIndex(places);
    this.marks.place(this.before, places);
    if (!isFirst) {
      await this.draw(!this.still.matches);
    }
  }

  /** Colors all rows. */
  async setColors(coloring: Coloring): Promise<void> {
    await this.drawn.catch(() => undefined);
    this.pageColor = coloring.page;
    this.layer.color(coloring);
    await this.draw(false);
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
      const now = performance.now();
      const moved = this.movedAt ? Math.min(1, (now - this.movedAt) / moveDuration) : 1;
      const changed = this.changedAt ? Math.min(1, (now - this.changedAt) / changeDuration) : 1;
      if (this.isDrawn) {
        this.layer.look(this.camera, cubic(moved));
      }

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
      await this.layer.ready();
      if (isMoving) {
        this.movedAt = performance.now();
        this.look();
      } else {
        this.before = this.places;
        this.movedAt = 0;
        this.marks.place(this.places, this.places);
      }

      await this.layer.show(this.camera, isMoving);
      this.isDrawn = true;
      this.look();
    };
    this.drawn = this.drawn.then(work, work);
    return this.drawn;
  }

  private createGlRows(canvas: HTMLCanvasElement): RowLayer {
    const rows = new GlRows(canvas, this.rowCount, async () => {
      await this.indexed;
      return this.index!.data as ArrayBuffer;
    });
    if (!rows.isSupported) {
      throw new NoWebGl('This browser’s WebGL has no textures of floating-point numbers, which the map is drawn with.');
    }

    return rows;
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
