import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'

/** How much of the map is on the phone. */
export function MapProgress() {
  const { t } = useText()
  const { now } = useNight()
  const tiles = now.facts.tiles?.routeId === now.route?.routeId ? now.facts.tiles : undefined
  if (!('caches' in globalThis)) return <span>{t('crew.map.cannot')}</span>
  if (tiles === undefined) return <span>{t('crew.map.soon')}</span>
  if (tiles.stored >= tiles.wanted) return <span>{t('crew.map.stored', { count: tiles.wanted })}</span>
  return (
    <label className="map-progress">
      {t('crew.map.storing', { stored: tiles.stored, wanted: tiles.wanted })}
      <progress value={tiles.stored} max={tiles.wanted} />
    </label>
  )
}
