import { useText } from '../../ui-kit/i18n/text.ts'

/** Bikes that stand at a hotspot, those that the plan leaves there, and what would be best; the number is told beside. */
export function StockBar({
  stock,
  planned,
  target,
  capacity,
}: {
  readonly stock: number
  readonly planned: number
  readonly target: number | null
  readonly capacity: number
}) {
  const { t } = useText()
  const most = Math.max(capacity, stock, planned, target ?? 0, 1)
  const share = (bikes: number) => `${(bikes / most) * 100}%`
  const label = t('night.bar', { stock, planned, target: target ?? '–', capacity })
  return (
    <span className="stock-bar" role="img" aria-label={label} title={label}>
      <span className="room" style={{ width: share(capacity) }} />
      <span className="kept" style={{ width: share(Math.min(stock, planned)) }} />
      <span
        className={planned >= stock ? 'brought' : 'taken'}
        style={{ left: share(Math.min(stock, planned)), width: share(Math.abs(planned - stock)) }}
      />
      {target !== null && <span className="target" style={{ left: share(target) }} />}
    </span>
  )
}
