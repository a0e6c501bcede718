import type { PlanPlace } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { StockBar } from './stock-bar.tsx'

/** A hotspot's bikes now, after the night, and as would be best. */
export function PlaceStock({ place }: { readonly place: PlanPlace }) {
  const { t } = useText()
  const { stock, planned, target, capacity } = place
  if (stock === null || planned === null) return null
  if (capacity === null) return <p className="number">{t('night.strays_here', { count: stock })}</p>
  return (
    <div className="place-stock">
      <StockBar stock={stock} planned={planned} target={target} capacity={capacity} />
      <p className="number">
        {t('night.stock_line', { stock, planned })}
        {target !== null && ` · ${t('night.target', { target })}`} · {t('night.capacity', { capacity })}
      </p>
    </div>
  )
}
