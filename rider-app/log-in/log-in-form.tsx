import './log-in.css'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Static } from 'typebox'
import type { CodeSent } from '../../contracts/http/riders.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { CodeForm } from './code-form.tsx'
import { addressOf, exampleNumber } from './login-address.ts'

/** Only when the rider wants it, only on this device. */
const rememberedKey = 'zwerm-address'

/** Log-in by a one-time code to a phone or a mail address; nothing to remember, nothing to solve. */
export function LogInForm({ reason, onDone }: { readonly reason: string; readonly onDone: () => void }) {
  const { language } = useText()
  const { api } = useRider()
  const [sent, setSent] = useState<{ readonly to: string; readonly again: number; readonly freeAtMs: number } | null>(
    null,
  )
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const id = useId()

  const askCode = async (to: string) => {
    if (busy) return
    setBusy(true)
    const answer = await api.send<Static<typeof CodeSent>>('/v1/login/codes', {
      method: 'POST',
      body: { to, language },
    })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind !== 'ok') return
    const freeAtMs = performance.now() + answer.value.resendAfterS * 1_000
    setSent((before) => ({ to, again: before?.to === to ? before.again + 1 : 0, freeAtMs }))
  }
  const logIn = async (to: string, code: string) => {
    if (busy) return
    setBusy(true)
    setRefused(null)
    const answer = await api.send<unknown>('/v1/login/sessions', { method: 'POST', body: { to, code } })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok') onDone()
  }

  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{reason}</h2>
      {sent === null ? (
        <AddressForm busy={busy} onAddress={(to) => void askCode(to)} />
      ) : (
        <CodeForm
          sent={sent}
          busy={busy}
          refused={refused}
          onCode={(code) => void logIn(sent.to, code)}
          onAgain={() => void askCode(sent.to)}
          onAnother={() => {
            setSent(null)
            setRefused(null)
          }}
        />
      )}
      {sent === null && refused !== null && <RefusalNotice refused={refused} />}
    </section>
  )
}

function AddressForm({ busy, onAddress }: { readonly busy: boolean; readonly onAddress: (to: string) => void }) {
  const { t, language } = useText()
  const [to, setTo] = useState(() => localStorage.getItem(rememberedKey) ?? '')
  const [remember, setRemember] = useState(() => localStorage.getItem(rememberedKey) !== null)
  const [wrong, setWrong] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const address = addressOf(to, language)
  const isGuessed = address?.startsWith('+') === true && !/^(\+|00)/.test(to.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (address === null) {
      setWrong(true)
      input.current?.focus()
      return
    }
    if (remember) localStorage.setItem(rememberedKey, to.trim())
    else localStorage.removeItem(rememberedKey)
    onAddress(address)
  }
  useEffect(() => {
    if (address !== null) setWrong(false)
  }, [address])
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor={id}>{t('login.address')}</label>
        <input
          ref={input}
          id={id}
          value={to}
          onChange={(event) => setTo(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="send"
          placeholder={exampleNumber[language]}
          aria-invalid={wrong}
          aria-describedby={`${id}-help`}
        />
        <p id={`${id}-help`} className={wrong ? 'wrong' : 'hint'} role={wrong ? 'alert' : undefined}>
          {wrong
            ? t('login.wrong_address')
            : isGuessed
              ? t('login.will_send', { to: address })
              : t('login.address_hint')}
        </p>
      </div>
      <label className="row remember">
        <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
        {t('login.remember')}
      </label>
      <button type="submit" className="button main wide" disabled={busy || to.trim() === ''}>
        {t('login.send_code')}
      </button>
    </form>
  )
}
