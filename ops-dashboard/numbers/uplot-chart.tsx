import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { ChartData } from './figure-list.ts'
import { formatFigure, formatLocalDay } from './number-formats.ts'

const heightPx = 190
const narrowestPx = 120
/** One colour a series, by its token; the second is dashed too. */
const colours = ['var(--brand)', 'var(--info)'] as const
const dashes = [[], [7, 5]] as const

/** A drawn chart, in the colours that hold when it is made: another theme makes it anew. What it says stands around it. */
export function UplotChart({ chart, days }: { readonly chart: ChartData; readonly days: readonly string[] }) {
  const { tag } = useText()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const draw = optionsOf(chart, days, tag, element)
    const width = () => Math.max(narrowestPx, element.clientWidth)
    const data: uPlot.AlignedData = [days.map((_, i) => i), ...chart.series.map(({ values }) => [...values])]
    const plot = new uPlot({ ...draw, width: width(), height: heightPx }, data, element)
    const observer = new ResizeObserver(() => plot.setSize({ width: width(), height: heightPx }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [chart, days, tag])
  return <div ref={box} className="chart-canvas" aria-hidden="true" />
}

function optionsOf(
  chart: ChartData,
  days: readonly string[],
  tag: string,
  element: HTMLElement,
): Omit<uPlot.Options, 'width' | 'height'> {
  const [ink, line] = [colourOf(element, 'var(--ink-soft)'), colourOf(element, 'var(--line)')]
  const font = '12px "Noto Sans", system-ui, sans-serif'
  const told = (value: number | null) => formatFigure(tag, value, chart.unit, chart.currency)
  const isBars = chart.kind === 'bars'
  const bars = uPlot.paths.bars?.({ size: [0.7, 46], radius: 0.15 })
  const axis = { font, stroke: ink, ticks: { show: false } }
  return {
    legend: { show: false },
    cursor: { drag: { setScale: false, x: false, y: false }, y: false, points: { size: 8 } },
    padding: [10, 10, 0, 0],
    scales: {
      x: { time: false, range: () => [-0.6, days.length - 0.4] },
      y: { range: (_plot, low, high) => rangeOf(chart, low, high) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        incrs: [1, 2, 7, 14, 28, 56],
        values: (_plot, splits) => splits.map((at) => (days[at] === undefined ? '' : formatLocalDay(tag, days[at]))),
      },
      {
        ...axis,
        grid: { stroke: line, width: 1 },
        size: 66,
        space: 36,
        values: (_plot, splits) => splits.map((value) => told(value)),
      },
    ],
    series: [
      {},
      ...chart.series.map((_series, i): uPlot.Series => {
        const stroke = colourOf(element, colours[i] ?? colours[0])
        return {
          stroke,
          width: isBars ? 0 : 2,
          dash: [...(dashes[i] ?? [])],
          points: { show: !isBars && days.length <= 40, size: 6, fill: stroke },
          ...(isBars ? { fill: stroke, ...(bars ? { paths: bars } : {}) } : {}),
        }
      }),
    ],
    hooks: { setCursor: [(plot) => tell(plot, chart, days, tag)] },
  }
}

/** Bars stand on zero; shares end at 100 %; a flat line has some room. */
function rangeOf(chart: ChartData, low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  if (chart.kind === 'bars') return [Math.min(0, low * 1.08), high <= 0 ? 1 : high * 1.08]
  const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.02, 0.001)
  const top = chart.unit === 'percent' ? Math.min(1.002, high + room) : high + room
  return [Math.max(0, low - room), top]
}

/** What the pointer is over, under the chart. */
function tell(plot: uPlot, chart: ChartData, days: readonly string[], tag: string): void {
  const line = plot.root.closest('figure')?.querySelector('.chart-pointed')
  if (!line) return
  const { idx } = plot.cursor
  const day = idx === null || idx === undefined ? undefined : days[idx]
  line.textContent =
    day === undefined || idx === null || idx === undefined
      ? ''
      : `${formatLocalDay(tag, day, true)}: ${chart.series
          .map(({ values }) => formatFigure(tag, values[idx] ?? null, chart.unit, chart.currency))
          .join(' · ')}`
}

/** A token as the canvas can use it: `light-dark()` is settled by the element. */
function colourOf(element: HTMLElement, token: string): string {
  element.style.color = token
  const { color } = getComputedStyle(element)
  element.style.color = ''
  return color
}
