import uPlot from './charts/uPlot.esm.js';

const HEIGHT = 90;

function colour(name) {
  return () => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
}

/** A small chart over time without a time axis: all charts of a card share one. */
export class Chart {
  #plot;
  #element;
  #observer;
  #scheme = matchMedia('(prefers-color-scheme: dark)');
  #redraw = () => this.#plot.redraw(false);

  /**
   * @param series what uPlot draws, with the names of colours.
   * @param onPoint is told the index of the sample under the pointer, or undefined if there is none.
   */
  constructor(element, { series, isLogarithmic = false, top, format }, onPoint) {
    this.#element = element;
    this.#plot = new uPlot(
      {
        width: Math.max(element.clientWidth, 1),
        height: HEIGHT,
        legend: { show: false },
        padding: [8, 0, 8, 0],
        cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
        scales: {
          x: { time: true },
          y: { distr: isLogarithmic ? 3 : 1, range: (_, __, max) => [isLogarithmic ? 1 : 0, top(max ?? 0)] },
        },
        axes: [
          { show: false },
          {
            side: 3,
            size: 46,
            gap: 6,
            font: '11px system-ui, sans-serif',
            stroke: colour('muted'),
            grid: { stroke: colour('line'), width: 1 },
            ticks: { show: false },
            splits: ({ scales }) => (isLogarithmic ? powersUpTo(scales.y.max) : [0, scales.y.max / 2, scales.y.max]),
            filter: (_, splits) => splits,
            values: (_, splits) => splits.map(format),
          },
        ],
        series: [{}, ...series.map((one) => styled(one))],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
      },
      [[], ...series.map(() => [])],
      element,
    );
    this.#observer = new ResizeObserver(() =>
      this.#plot.setSize({ width: Math.max(this.#element.clientWidth, 1), height: HEIGHT }),
    );
    this.#observer.observe(element);
    this.#scheme.addEventListener('change', this.#redraw);
  }

  /** @param data seconds since the epoch, then one list for each series. */
  show(data, from, until) {
    this.#plot.batch(() => {
      this.#plot.setData(data, false);
      this.#plot.setScale('x', { min: from / 1_000, max: until / 1_000 });
    });
  }

  describe(text) {
    this.#element.setAttribute('aria-label', text);
  }

  destroy() {
    this.#scheme.removeEventListener('change', this.#redraw);
    this.#observer.disconnect();
    this.#plot.destroy();
  }
}

function styled({ kind, colour: name }) {
  const stroke = colour(name);
  if (kind === 'bars') {
    return {
      stroke,
      fill: stroke,
      width: 0,
      points: { show: false },
      paths: uPlot.paths.bars({ size: [0.75, 8], gap: 0 }),
    };
  }
  if (kind === 'steps') {
    return {
      stroke,
      fill: colour(`${name}-soft`),
      width: 1.5,
      points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }),
    };
  }
  return { stroke, fill: undefined, width: 1.5, points: { show: true, size: 4, width: 0, fill: stroke } };
}

/** 1, 10, 100 and so on; every second one where there are many. */
function powersUpTo(max) {
  const count = Math.round(Math.log10(max));
  const step = count > 3 ? 2 : 1;
  return Array.from({ length: Math.floor(count / step) + 1 }, (_, index) => 10 ** (index * step));
}
