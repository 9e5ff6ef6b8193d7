/** A place on the map in its own units: both axes from −1 to 1, y upwards. */
export interface Place {
  x: number;
  y: number;
}

/** Which part of the map is seen: the place in the middle, and how many half heights of the canvas a unit takes. */
export class Camera {
  x = 0;
  y = 0;
  zoom = 0.94;
  width = 1;
  height = 1;

  /** The matrix that regl-scatterplot draws with; it divides by the aspect itself. */
  matrix(): Float32Array {
    const k = this.zoom;
    return new Float32Array([k, 0, 0, 0, 0, k, 0, 0, 0, 0, 1, 0, -k * this.x, -k * this.y, 0, 1]);
  }

  /** How many pixels a unit takes. */
  get scale(): number {
    return (this.zoom * this.height) / 2;
  }

  /** How much larger points are drawn than at the first view: the same rule as regl-scatterplot's. */
  get pointScale(): number {
    return this.zoom > 1 ? Math.asinh(this.zoom) / Math.asinh(1) : Math.max(0.65, this.zoom);
  }

  toScreen(place: Place): Place {
    return {
      x: this.width / 2 + (place.x - this.x) * this.scale,
      y: this.height / 2 - (place.y - this.y) * this.scale,
    };
  }

  toMap(screen: Place): Place {
    return {
      x: this.x + (screen.x - this.width / 2) / this.scale,
      y: this.y - (screen.y - this.height / 2) / this.scale,
    };
  }

  pan(dx: number, dy: number): void {
    this.x = clamp(this.x - dx / this.scale, -1.5, 1.5);
    this.y = clamp(this.y + dy / this.scale, -1.5, 1.5);
  }

  /** Zooms so that what lies under a point of the screen stays there. */
  zoomAt(factor: number, screen: Place): void {
    const held = this.toMap(screen);
    this.zoom = clamp(this.zoom * factor, 0.3, 5000);
    const now = this.toMap(screen);
    this.x += held.x - now.x;
    this.y += held.y - now.y;
  }

  /** Shows the whole map. */
  fit(): void {
    this.x = 0;
    this.y = 0;
    this.zoom = 0.94 * Math.min(1, this.width / this.height);
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
