import { useText } from '../../ui-kit/i18n/text.ts'

/** What the map's marks mean. */
export function MapKey() {
  const { t } = useText()
  return (
    <details className="map-key small">
      <summary>{t('night.key')}</summary>
      <ul>
        <li>
          <span className="key-bar" aria-hidden="true">
            <i className="key-brought" />
            <i className="key-kept" />
          </span>
          {t('night.key.bring')}
        </li>
        <li>
          <span className="key-bar" aria-hidden="true">
            <i className="key-taken" />
            <i className="key-kept" />
          </span>
          {t('night.key.take')}
        </li>
        <li>
          <span className="key-tick" aria-hidden="true" />
          {t('night.key.target')}
        </li>
        <li>
          <span className="key-stray" aria-hidden="true" />
          {t('night.key.stray')}
        </li>
        <li>
          <span className="key-stop number" aria-hidden="true">
            3
          </span>
          {t('night.key.stop')}
        </li>
      </ul>
    </details>
  )
}
