const width = 120
const height = 30
const edge = 3

/** A figure's way over the days, without axes. The chart below and its table say it in words. */
export function Sparkline({ values }: { readonly values: ReadonlyArray<number | null> }) {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  if (known.length < 2) return <span className="sparkline" />
  const low = Math.min(...known.map(({ value }) => value))
  const high = Math.max(...known.map(({ value }) => value))
  const span = high - low || 1
  const x = (index: number) => edge + (index / Math.max(1, values.length - 1)) * (width - 2 * edge)
  const y = (value: number) => height - edge - ((value - low) / span) * (height - 2 * edge)
  const last = known[known.length - 1]
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={known.map(({ value, index }) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
        vectorEffect="non-scaling-stroke"
      />
      {last !== undefined && <circle cx={x(last.index)} cy={y(last.value)} r="2.5" />}
    </svg>
  )
}
