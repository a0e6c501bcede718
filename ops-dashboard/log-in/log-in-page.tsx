import './log-in.css'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Answer, Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { CodeField } from '../account/code-field.tsx'
import { PasswordField } from '../account/password-field.tsx'
import { opsApi } from '../ops-api.ts'

/**
 * The desk's log-in. It stands in the place of whatever page was asked for: logged in, the same address shows that page.
 * @param link a one-time link that was opened and still wants the second factor
 */
export function LogInPage({
  refused,
  link,
  onLoggedIn,
}: {
  readonly refused: Refused | null
  readonly link: string | null
  readonly onLoggedIn: () => void
}) {
  const { t } = useText()
  const [no, setNo] = useState<Refused | null>(isNews(refused) ? refused : null)
  const [known, setKnown] = useState<object | null>(link === null ? null : { link })
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    document.title = `${t('staff.log_in')} · Zwerm`
  }, [t])

  /** True: logged in. */
  const send = async (body: object): Promise<boolean> => {
    setBusy(true)
    setNo(null)
    const answer: Answer<unknown> = await opsApi.send('/v1/staff/sessions', { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'ok') {
      onLoggedIn()
      return true
    }
    if (answer.code === 'second_factor_asked') setKnown(body)
    else setNo(answer)
    if (answer.code === 'link_used') setKnown(null)
    return false
  }
  return (
    <main className="alone log-in stack">
      <div className="row">
        <img src="/ops/icon.svg" alt="" width="44" height="44" />
        <h1>{t('ops.login_title')}</h1>
      </div>
      <section className="card stack" aria-labelledby="log-in-title">
        <h2 id="log-in-title">{known === null ? t('staff.log_in') : t('staff.second_factor')}</h2>
        {no !== null && <RefusalNotice refused={no} />}
        {known === null ? (
          <PasswordStep isBusy={isBusy} onSend={send} />
        ) : (
          <CodeStep
            isBusy={isBusy}
            onSend={(code) => send({ ...known, code })}
            onBack={() => {
              setKnown(null)
              setNo(null)
            }}
          />
        )}
      </section>
      <p className="small soft">{t('staff.log_in_link')}</p>
      <LanguagePicker />
    </main>
  )
}

/** Whether a person does not know it by seeing this page. */
const isNews = (refused: Refused | null): boolean =>
  refused !== null && refused.code !== 'log_in_first' && refused.code !== 'second_factor_asked'

function PasswordStep({
  isBusy,
  onSend,
}: {
  readonly isBusy: boolean
  readonly onSend: (body: object) => Promise<boolean>
}) {
  const { t } = useText()
  const [logInName, setLogInName] = useState('')
  const [password, setPassword] = useState('')
  const name = useRef<HTMLInputElement>(null)
  const secret = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    const done = await onSend({ logInName, password })
    if (!done) secret.current?.select()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor="log-in-name">{t('staff.log_in_name')}</label>
        <input
          ref={name}
          id="log-in-name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          maxLength={200}
          value={logInName}
          onChange={(event) => setLogInName(event.target.value)}
        />
      </div>
      <PasswordField
        label={t('staff.password')}
        autoComplete="current-password"
        field={secret}
        value={password}
        onChange={setPassword}
      />
      <button type="submit" className="button main wide" disabled={isBusy}>
        {isBusy ? t('ops.logging_in') : t('staff.log_in')}
      </button>
    </form>
  )
}

function CodeStep({
  isBusy,
  onSend,
  onBack,
}: {
  readonly isBusy: boolean
  readonly onSend: (code: string) => Promise<boolean>
  readonly onBack: () => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    const done = await onSend(code.trim())
    if (!done) field.current?.select()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <CodeField label={t('staff.code_now')} takesRecoveryCode field={field} value={code} onChange={setCode} />
      <button type="submit" className="button main wide" disabled={isBusy}>
        {isBusy ? t('ops.logging_in') : t('staff.log_in')}
      </button>
      <button type="button" className="button quiet" onClick={onBack}>
        {t('staff.other_log_in')}
      </button>
    </form>
  )
}
