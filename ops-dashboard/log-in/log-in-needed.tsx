import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { RefusalNotice } from '../../ui-kit/notices.tsx'

export function LogInNeeded({ refused }: { readonly refused: Refused }) {
  const { t } = useText()
  return (
    <main className="alone stack">
      <img src="/ops/icon.svg" alt="" width="56" height="56" />
      <h1>{t('ops.login_title')}</h1>
      <RefusalNotice refused={refused} />
      <p>{t('ops.login_how')}</p>
      <LanguagePicker />
    </main>
  )
}
