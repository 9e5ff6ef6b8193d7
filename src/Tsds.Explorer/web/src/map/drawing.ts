import type { Camera, Place } from './camera';

/** A line between two points; its weight, 0 to 1, is how thick and dark it is. */
export interface Line {
  from: number;
  to: number;
  weight: number;
}

/** What is drawn over the map by hand: lines, a circle, the point in focus, the lasso, the cross that keys aim with. */
export class Drawing {
  lines: readonly Line[] = [];
  circle: { center: number; radius: number } | null = null;
  focus: number | null = null;
  outline: readonly Place[] | null = null;
  isAimed = false;
  ink = '#000000';
  accent = '#000000';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly camera: Camera,
  ) {}

  draw(placeOf: (point: number) => Place): void {
    const context = this.canvas.getContext('2d')!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.camera.width, this.camera.height);
    const screen = (point: number) => this.camera.toScreen(placeOf(point));

    if (this.circle) {
      const center = screen(this.circle.center);
      context.beginPath();
      context.arc(center.x, center.y, Math.max(6, this.circle.radius * this.camera.scale), 0, 2 * Math.PI);
      context.globalAlpha = 0.08;
      context.fillStyle = this.accent;
      context.fill();
      context.globalAlpha = 0.9;
      context.lineWidth = 1.5;
      context.strokeStyle = this.accent;
      context.setLineDash([5, 4]);
      context.stroke();
      context.setLineDash([]);
    }

    context.strokeStyle = this.ink;
    for (const { from, to, weight } of this.lines) {
      const [a, b] = [screen(from), screen(to)];
      context.globalAlpha = 0.25 + 0.6 * weight;
      context.lineWidth = 0.75 + 2.25 * weight;
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.stroke();
    }

    context.globalAlpha = 1;
    if (this.focus !== null) {
      const { x, y } = screen(this.focus);
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, 11, 0, 2 * Math.PI);
      context.stroke();
    }

    if (this.outline && this.outline.length > 1) {
      context.beginPath();
      this.outline.forEach((place, i) => {
        const { x, y } = this.camera.toScreen(place);
        if (i === 0) {
          context.moveTo(x, y);
        } else {
          context.lineTo(x, y);
        }
      });
      context.closePath();
      context.globalAlpha = 0.08;
      context.fillStyle = this.accent;
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth = 1.5;
      context.strokeStyle = this.accent;
      context.stroke();
    }

    if (this.isAimed) {
      const [x, y] = [this.camera.width / 2, this.camera.height / 2];
      context.lineWidth = 1.5;
      context.strokeStyle = this.ink;
      context.beginPath();
      context.moveTo(x - 9, y);
      context.lineTo(x + 9, y);
      context.moveTo(x, y - 9);
      context.lineTo(x, y + 9);
      context.stroke();
    }
  }
}
