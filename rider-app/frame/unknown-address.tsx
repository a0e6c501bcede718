import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'

/** No screen has this address. */
export function UnknownAddress() {
  const { t } = useText()
  return (
    <div className="page stack centre unknown">
      <p className="where number" aria-hidden="true">
        404
      </p>
      <h1>{t('frame.unknown')}</h1>
      <p className="soft">{t('frame.unknown_why')}</p>
      <Link href="/" className="button main wide">
        {t('frame.to_start')}
      </Link>
    </div>
  )
}
