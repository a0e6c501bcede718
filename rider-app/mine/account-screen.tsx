import { useState } from 'react'
import type { Me } from '../../contracts/http/riders.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'

import { type LanguageCode, languageNames, languages, setLanguage, useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { DebtCard } from '../pay/debt-card.tsx'
import { MySavedPromise } from '../pay/saved-promise.tsx'
import { PaymentWays } from '../pay/ways-to-pay.tsx'
import { useRider } from '../rider-state.ts'
import { DevicesCard } from './devices-card.tsx'

/** Language, address, ways to pay, devices. */
export function AccountScreen({ me }: { readonly me: Me }) {
  const { t, tag } = useText()
  return (
    <>
      <h1>{t('mine.account')}</h1>
      <DebtCard returnPath="/mine/account" />
      <LanguageCard me={me} />
      <section className="card stack" aria-labelledby="codes-title">
        <h2 id="codes-title">{t('account.codes')}</h2>
        <p>
          <strong className="number">{me.addressHint}</strong>
        </p>
        <p className="small soft">{t('account.since', { day: formatLongDay(tag, me.memberSince) })}</p>
      </section>
      <section className="card stack" aria-labelledby="pay-title">
        <h2 id="pay-title">{t('account.pay')}</h2>
        <MySavedPromise />
        <PaymentWays />
      </section>
      <DevicesCard />
      <LogOut />
    </>
  )
}

/** Real time, and long ago perhaps. */
const formatLongDay = (tag: string, atMs: number): string =>
  new Intl.DateTimeFormat(tag, { dateStyle: 'long' }).format(atMs)

function LanguageCard({ me }: { readonly me: Me }) {
  const { t, tag, language } = useText()
  const { api, reloadMe } = useRider()
  const [refused, setRefused] = useState<Refused | null>(null)
  const inWords = (code: LanguageCode) =>
    new Intl.DisplayNames(tag, { type: 'language' }).of(code) ?? languageNames[code]
  const keep = async (chosen: LanguageCode) => {
    const answer = await api.send('/v1/me', { method: 'PATCH', body: { language: chosen } })
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok') reloadMe()
  }
  const choose = (chosen: LanguageCode) => {
    void setLanguage(chosen)
    void keep(chosen)
  }
  return (
    <section className="card stack" aria-labelledby="language-title">
      <h2 id="language-title">{t('account.language')}</h2>
      <fieldset className="choices" aria-labelledby="language-title">
        {languages.map((code) => (
          <label key={code} className="choice" lang={code}>
            <input
              className="visually-hidden"
              type="radio"
              name="language"
              checked={language === code}
              onChange={() => choose(code)}
            />
            {languageNames[code]}
          </label>
        ))}
      </fieldset>
      <p className="small soft">{t('account.language_hint')}</p>
      {me.language !== language && refused === null && (
        <div className="notice">
          <p>{t('account.language_differs', { language: inWords(me.language) })}</p>
          <button type="button" className="button" onClick={() => void keep(language)}>
            {t('account.language_same', { language: inWords(language) })}
          </button>
        </div>
      )}
      {refused !== null && <RefusalNotice refused={refused} onAgain={() => void keep(language)} />}
    </section>
  )
}

function LogOut() {
  const { t } = useText()
  const { api, leave } = useRider()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const logOut = async () => {
    setBusy(true)
    const answer = await api.send('/v1/login/sessions/current', { method: 'DELETE' })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind !== 'ok') return
    leave()
  }
  return (
    <>
      <button type="button" className="button" onClick={() => void logOut()} disabled={busy}>
        {t('account.log_out')}
      </button>
      {refused !== null && <RefusalNotice refused={refused} />}
    </>
  )
}
