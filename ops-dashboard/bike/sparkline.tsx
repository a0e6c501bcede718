const width = 260
const height = 56
const edge = 4

/** A line of the past, with its sentence; its ends are the least and the most of what is shown. */
export function Sparkline({
  label,
  unit,
  bounds,
  points,
}: {
  readonly label: string
  readonly unit: string
  /** Null: as the values are. */
  readonly bounds: readonly [number, number] | null
  /** Oldest first, two at least. */
  readonly points: readonly { readonly at: number; readonly value: number }[]
}) {
  const values = points.map(({ value }) => value)
  const [least, most] = bounds ?? [Math.min(...values), Math.max(...values)]
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1]
  const x = (at: number) => edge + ((at - from) / Math.max(1, to - from)) * (width - 2 * edge)
  const y = (value: number) => height - edge - ((value - least) / Math.max(0.001, most - least)) * (height - 2 * edge)
  const line = points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <figure className="spark">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
        <path d={`M0 ${height - 1}H${width}`} className="ground" />
        <polyline points={line} />
      </svg>
      <figcaption className="small soft">
        {label}
        {bounds === null && (
          <span className="number">
            {' '}
            ({least.toFixed(2)}–{most.toFixed(2)} {unit})
          </span>
        )}
      </figcaption>
    </figure>
  )
}
