import { useText } from '../../ui-kit/i18n/text.ts'

const kinds = ['service_area', 'hotspot', 'no_parking', 'no_ride', 'slow'] as const

/** What the lines of the zones' layer mean. */
export function ZoneLegend() {
  const { t } = useText()
  return (
    <ul className="zone-legend small" aria-label={t('ops.zones_layer')}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className="zone-line" data-kind={kind} aria-hidden="true" />
          {t(`ops.zone.${kind}`)}
        </li>
      ))}
      <li className="soft">{t('ops.zone.stock')}</li>
    </ul>
  )
}
