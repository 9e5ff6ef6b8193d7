import createRegl from 'regl';
import type { Camera } from './camera';

/** How a mark is drawn. */
export const Shape = { disc: 0, ring: 1, diamond: 2, hollowDiamond: 3 } as const;

/** One mark over the map: a chosen row, one that came or went, a target. */
export interface Mark {
  /** The point that it stands on: a row, or the number of rows and a target. */
  point: number;
  shape: number;
  /** The color, 0 to 255. */
  color: readonly [number, number, number];
  /** The diameter in pixels before and after the change that is shown. */
  from: number;
  to: number;
}

const floatsPerMark = 10;

/** Draws marks over the map, and moves them from one place, size and selection to the next. */
export class Marks {
  private readonly regl: createRegl.Regl;
  private readonly buffer: createRegl.Buffer;
  private readonly drawMarks: createRegl.DrawCommand;
  private marks: readonly Mark[] = [];
  private count = 0;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly camera: Camera,
  ) {
    this.regl = createRegl({
      canvas,
      attributes: { alpha: true, premultipliedAlpha: true, antialias: false, preserveDrawingBuffer: false },
    });
    this.buffer = this.regl.buffer({ usage: 'dynamic', type: 'float', length: 4 * floatsPerMark });
    const stride = 4 * floatsPerMark;
    const part = (offset: number) => ({ buffer: this.buffer, offset: 4 * offset, stride });
    this.drawMarks = this.regl({
      vert: `
        precision highp float;
        attribute vec2 before, after;
        attribute vec3 rgb;
        attribute vec2 sizes;
        attribute float shape;
        uniform vec4 view;
        uniform vec2 turn;
        uniform float ratio;
        varying vec3 color;
        varying float kind, size;
        void main() {
          vec2 place = mix(before, after, turn.x);
          gl_Position = vec4((place - view.xy) * view.zw, 0.0, 1.0);
          size = mix(sizes.x, sizes.y, turn.y) * ratio;
          gl_PointSize = size < 0.5 ? 0.0 : size + 2.0;
          color = rgb;
          kind = shape;
        }`,
      frag: `
        precision highp float;
        uniform vec3 page;
        uniform float ratio;
        varying vec3 color;
        varying float kind, size;
        void main() {
          if (size < 0.5) discard;
          vec2 at = abs(gl_PointCoord - 0.5) * (size + 2.0);
          float far = kind < 1.5 ? length(at) : (at.x + at.y) * 0.7071;
          float edge = kind < 1.5 ? size * 0.5 : size * 0.3536;
          float cover = clamp(edge - far + 0.5, 0.0, 1.0);
          if (cover <= 0.0) discard;
          bool hollow = kind > 0.5 && kind < 1.5 || kind > 2.5;
          float rim = hollow ? max(1.5 * ratio, size * 0.12) : clamp(size - 5.0, 0.0, ratio);
          float inner = clamp(edge - rim - far + 0.5, 0.0, 1.0);
          if (hollow) {
            float alpha = cover * (1.0 - inner);
            gl_FragColor = vec4(color * alpha, alpha);
          } else {
            gl_FragColor = vec4(mix(page, color, inner) * cover, cover);
          }
        }`,
      attributes: { before: part(0), after: part(2), rgb: part(4), sizes: part(7), shape: part(9) },
      uniforms: {
        view: this.regl.prop<{ view: number[] }, 'view'>('view'),
        turn: this.regl.prop<{ turn: number[] }, 'turn'>('turn'),
        page: this.regl.prop<{ page: number[] }, 'page'>('page'),
        ratio: this.regl.prop<{ ratio: number }, 'ratio'>('ratio'),
      },
      blend: { enable: true, func: { src: 'one', dst: 'one minus src alpha' } },
      depth: { enable: false },
      primitive: 'points',
      count: () => this.count,
    });
  }

  /** Takes the marks in the order in which they are drawn; the last lies on top. */
  set(marks: readonly Mark[], before: Float32Array, after: Float32Array): void {
    this.marks = marks;
    this.place(before, after);
  }

  /** Places the same marks anew. */
  place(before: Float32Array, after: Float32Array): void {
    const data = new Float32Array(this.marks.length * floatsPerMark);
    let at = 0;
    for (const { point, color, from, to, shape } of this.marks) {
      data[at++] = before[2 * point]!;
      data[at++] = before[2 * point + 1]!;
      data[at++] = after[2 * point]!;
      data[at++] = after[2 * point + 1]!;
      data[at++] = color[0] / 255;
      data[at++] = color[1] / 255;
      data[at++] = color[2] / 255;
      data[at++] = from;
      data[at++] = to;
      data[at++] = shape;
    }

    this.count = this.marks.length;
    if (this.count > 0) {
      this.buffer({ usage: 'dynamic', type: 'float', data });
    }
  }

  /**
   * Draws one frame.
   * @param moved how far points are on their way from one projection to the next, 0 to 1
   * @param changed how far the selection is on its way from old to new, 0 to 1
   * @param page the color of the page, 0 to 255
   */
  draw(moved: number, changed: number, page: readonly [number, number, number]): void {
    this.regl.poll();
    this.regl.clear({ color: [0, 0, 0, 0] });
    if (this.count === 0) {
      return;
    }

    const { x, y, zoom, width, height, pointScale } = this.camera;
    this.drawMarks({
      view: [x, y, (zoom * height) / width, zoom],
      turn: [moved, changed],
      page: page.map(part => part / 255),
      ratio: Math.min(pointScale, 3) * window.devicePixelRatio,
    });
  }
}
