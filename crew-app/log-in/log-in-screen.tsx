import type { FailureCode } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'

/** Nobody is logged in: the way in is a link from the crew lead. */
export function LogInScreen({ refused }: { readonly refused: FailureCode | null }) {
  const { t, ofCode } = useText()
  const mayPass = refused === 'offline' || refused === 'timeout' || refused === 'unreachable'
  return (
    <div className="page">
      <h1>{t('crew.login.title')}</h1>
      {refused !== null && (
        <p className="notice bad" role="alert">
          {ofCode(`crew.login.${refused}`, 'refusal.server_fault')}
        </p>
      )}
      <p>{t('crew.login.how')}</p>
      <p className="soft">{t('crew.login.once')}</p>
      {mayPass && (
        <button type="button" className="button main wide" onClick={() => location.reload()}>
          {t('app.again')}
        </button>
      )}
      <LanguagePicker />
    </div>
  )
}
