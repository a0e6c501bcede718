import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The last that an account's owner sees of it. */
export function DeletedScreen() {
  const { t } = useText()
  return (
    <div className="page stack">
      <h1>{t('data.deleted')}</h1>
      <p className="notice good" role="status">
        {t('data.deleted_note')}
      </p>
      <Link href="/" className="button main">
        {t('data.deleted_home')}
      </Link>
    </div>
  )
}
