import { useText } from '../../ui-kit/i18n/text.ts'
import type { CityMap } from '../../ui-kit/map/city-map.ts'

/** For hands and keyboards without a wheel. */
export function ZoomButtons({ map }: { readonly map: CityMap | null }) {
  const { t } = useText()
  return (
    <div className="zoom">
      <button type="button" className="button" aria-label={t('ops.zoom_in')} onClick={() => map?.zoomBy(1)}>
        +
      </button>
      <button type="button" className="button" aria-label={t('ops.zoom_out')} onClick={() => map?.zoomBy(-1)}>
        −
      </button>
    </div>
  )
}
