import uPlot from 'uplot';
import type { PathPoint } from '../api';
import { css, theme } from '../colors';
import { measure } from '../format';
import { fill, h } from '../ui/dom';

const short = new Intl.NumberFormat('en', { notation: 'compact' });

/** The path from aligned to diverse, under the slider that moves along it. */
export class PathPlot {
  readonly element = h('figure', { class: 'path' });
  private readonly holder = h('div', { class: 'plot', role: 'img' });
  private readonly caption = h('figcaption', {});
  private plot: uPlot | null = null;
  private points: PathPoint[] = [];
  private alpha = 0.5;
  private drawn = '';
  private key = '';

  constructor(private readonly onAlpha: (alpha: number) => void) {
    fill(this.element, this.holder, this.caption);
    new ResizeObserver(() => this.resize()).observe(this.element);
    this.holder.addEventListener('click', event => {
      const over = this.plot?.over.getBoundingClientRect();
      if (over && event.clientX >= over.left && event.clientX <= over.right) {
        this.onAlpha(this.plot!.posToVal(event.clientX - over.left, 'x'));
      }
    });
  }

  /** The most aligned alpha from which the budget can be drawn; 1 where any can. */
  limit = 1;

  /**
   * Shows the path of a plan.
   * @param key what the path depends on: paths with the same key are parts of one
   * @param wanted the number of rows that a plan must reach
   */
  show(path: readonly PathPoint[], alpha: number, key: string, wanted: number): void {
    const shown = path.filter(point => Number.isFinite(point.alpha));
    const [least, most] = [Math.min(...shown.map(point => point.alpha)), Math.max(...shown.map(point => point.alpha))];
    const known = key === this.key ? this.points.filter(point => point.alpha < least || point.alpha > most) : [];
    this.key = key;
    this.points = [...known, ...shown].sort((a, b) => a.alpha - b.alpha);
    this.alpha = alpha;
    const enough = this.points.filter(point => point.support >= wanted);
    const isShort = enough.length > 0 && enough.length < this.points.length;
    this.limit = isShort ? Math.floor(100 * enough[enough.length - 1]!.alpha) / 100 : 1;
    const label = `transport cost ${measure(this.at(alpha, point => point.transportCost))}, effective neighbors ${measure(
      this.at(alpha, point => point.effectiveNeighbors),
    )}`;
    fill(
      this.caption,
      h('span', { class: 'line-cost' }, 'transport cost'),
      ` ${measure(this.at(alpha, point => point.transportCost))}: less is nearer. `,
      h('span', { class: 'line-spread' }, 'effective neighbors'),
      ` ${measure(this.at(alpha, point => point.effectiveNeighbors))}: more is more diverse.`,
      isShort && ` Beyond ${this.limit.toFixed(2)} fewer rows than the budget are in reach.`,
    );
    this.holder.setAttribute('aria-label', `The path over alpha; at ${alpha.toFixed(2)}: ${label}`);
    this.draw();
  }

  /** Draws in the colors of now. */
  draw(): void {
    const key = JSON.stringify([this.points, this.limit, theme().ink]);
    const data: uPlot.AlignedData = [
      this.points.map(point => point.alpha),
      this.points.map(point => point.transportCost),
      this.points.map(point => point.effectiveNeighbors),
    ];
    if (this.plot && key === this.drawn) {
      this.plot.redraw(false, false);
      return;
    }

    this.drawn = key;
    this.plot?.destroy();
    this.plot = null;
    if (this.points.length < 2) {
      return;
    }

    const colors = theme();
    const quiet = getComputedStyle(this.element).getPropertyValue('--quiet') || colors.ink;
    const rule = getComputedStyle(this.element).getPropertyValue('--rule') || colors.ink;
    const axis = { stroke: quiet, grid: { stroke: rule, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    this.plot = new uPlot(
      {
        width: Math.max(120, this.element.clientWidth),
        height: 132,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        padding: [8, 4, 0, 4],
        scales: {
          x: { time: false, range: () => [0, 1] },
          cost: { distr: 1 },
          spread: { distr: 3 },
        },
        axes: [
          { ...axis, size: 22, space: 36 },
          { ...axis, scale: 'cost', size: 34, space: 30, values: (_, ticks) => ticks.map(tick => measure(tick)) },
          {
            ...axis,
            scale: 'spread',
            side: 1,
            size: 34,
            space: 30,
            grid: { show: false },
            values: (_, ticks) => ticks.map(tick => (tick !== null && /^10*$/u.test(String(Math.round(tick))) ? short.format(tick) : '')),
          },
        ],
        series: [
          {},
          { scale: 'cost', stroke: css(colors.accent), width: 2, points: { show: false } },
          { scale: 'spread', stroke: quiet, width: 1.5, dash: [5, 4], points: { show: false } },
        ],
        hooks: {
          draw: [
            plot => {
              const x = plot.valToPos(this.alpha, 'x', true);
              const { ctx, bbox } = plot;
              ctx.save();
              if (this.limit < 1) {
                const from = plot.valToPos(this.limit, 'x', true);
                ctx.fillStyle = rule;
                ctx.globalAlpha = 0.7;
                ctx.fillRect(from, bbox.top, bbox.left + bbox.width - from, bbox.height);
                ctx.globalAlpha = 1;
              }

              ctx.setLineDash([]);
              ctx.strokeStyle = colors.ink;
              ctx.lineWidth = devicePixelRatio;
              ctx.beginPath();
              ctx.moveTo(x, bbox.top);
              ctx.lineTo(x, bbox.top + bbox.height);
              ctx.stroke();
              ctx.restore();
            },
          ],
        },
      },
      data,
      this.holder,
    );
  }

  private at(alpha: number, value: (point: PathPoint) => number): number {
    const next = this.points.findIndex(point => point.alpha >= alpha);
    if (next <= 0) {
      const end = this.points[next === 0 ? 0 : this.points.length - 1];
      return end ? value(end) : Number.NaN;
    }

    const [a, b] = [this.points[next - 1]!, this.points[next]!];
    const share = (alpha - a.alpha) / (b.alpha - a.alpha);
    return value(a) + (value(b) - value(a)) * share;
  }

  private resize(): void {
    this.plot?.setSize({ width: Math.max(120, this.element.clientWidth), height: 132 });
  }
}
