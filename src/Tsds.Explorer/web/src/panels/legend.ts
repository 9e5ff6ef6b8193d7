import { css, mix, theme } from '../colors';
import { count, measure } from '../format';
import type { Painter } from '../painter';
import { type Child, fill, h, svg } from '../ui/dom';

/** Says what the colors and marks of the map stand for. */
export function legend(element: HTMLElement, painter: Painter, isChanged: boolean, hasLeftOut: boolean, hasFar: boolean): void {
  const colors = theme();
  const { key, comparison } = painter;
  const disc = (color: string, isHollow = false) =>
    svg(
      'svg',
      { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
      isHollow
        ? svg('circle', { cx: 6, cy: 6, r: 4, fill: 'none', stroke: color, 'stroke-width': 2 })
        : svg('circle', { cx: 6, cy: 6, r: 5, fill: color }),
    );
  const diamond = (color: string) =>
    svg('svg', { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' }, svg('path', { d: 'M6 0 12 6 6 12 0 6Z', fill: color }));
  const item = (sign: Child, label: string, rows?: number) =>
    h('li', {}, sign, h('span', { class: 'name', title: label }, label), rows !== undefined && h('span', { class: 'ref' }, count(rows)));

  fill(
    element,
    h(
      'ul',
      {},
      ...(comparison
        ? [item(disc(css(colors.both)), 'in both'), item(disc(css(colors.accent)), 'only the first'), item(disc(css(colors.other)), 'only the second')]
        : [
            item(disc(key.entries.length > 0 || key.ramp ? colors.ink : css(colors.accent)), 'chosen'),
            isChanged && item(disc(css(mix(colors.accent, colors.page, 0.35)), true), 'went'),
            hasLeftOut && item(disc(css(mix(colors.far, colors.page, 0.6))), 'left out'),
          ]),
      key.entries.length === 0 && !key.ramp && item(disc(css(colors.pool)), 'other rows'),
      item(diamond(css(colors.target)), 'target'),
      hasFar && item(diamond(css(colors.far)), 'out of reach'),
      painter.matching !== null && item(disc(css(colors.faint)), painter.isGathered ? 'other rows than these' : 'not in the filter'),
    ),
    key.entries.length > 0 &&
      h('ul', {}, h('li', { class: 'title' }, key.title), ...key.entries.map(entry => item(disc(entry.color), entry.label, entry.rows))),
    key.ramp &&
      h(
        'p',
        { class: 'scale' },
        h('span', {}, key.title),
        h('span', {}, measure(key.ramp.low)),
        svg(
          'svg',
          { class: 'ramp', viewBox: `0 0 ${key.ramp.colors.length} 1`, preserveAspectRatio: 'none', height: 8, 'aria-hidden': 'true' },
          ...key.ramp.colors.map((color, i) => svg('rect', { x: i, y: 0, width: 1.02, height: 1, fill: color })),
        ),
        h('span', {}, measure(key.ramp.high)),
        h('span', {}, `half of the rows below ${measure(key.ramp.middle)}`),
      ),
  );
}
