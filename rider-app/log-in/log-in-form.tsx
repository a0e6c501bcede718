import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Static } from 'typebox'
import type { DemoOutbox } from '../../contracts/http/demo.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'

/** Log-in by a one-time code to a phone or a mail address; nothing to remember. */
export function LogInForm({ reason, onDone }: { readonly reason: string; readonly onDone: () => void }) {
  const { t, language } = useText()
  const { api } = useRider()
  const [to, setTo] = useState('')
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const id = useId()

  const address = addressOf(to)
  const askCode = async (event?: FormEvent) => {
    event?.preventDefault()
    if (address === null || busy) return
    setBusy(true)
    const answer = await api.send('/v1/login/codes', { method: 'POST', body: { to: address, language } })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok') setSentTo(address)
  }
  const logIn = async (code: string) => {
    setBusy(true)
    const answer = await api.send<unknown>('/v1/login/sessions', { method: 'POST', body: { to: sentTo, code } })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok') onDone()
  }

  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{reason}</h2>
      {sentTo === null ? (
        <form className="stack" onSubmit={(event) => void askCode(event)} noValidate>
          <div className="field">
            <label htmlFor={id}>{t('login.address')}</label>
            <input
              id={id}
              value={to}
              onChange={(event) => setTo(event.target.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="+31 6 1234 5678"
              aria-describedby={`${id}-help`}
            />
            <p id={`${id}-help`} className="hint">
              {t('login.address_hint')}
            </p>
          </div>
          <button type="submit" className="button main wide" disabled={busy || address === null}>
            {t('login.send_code')}
          </button>
        </form>
      ) : (
        <CodeForm sentTo={sentTo} busy={busy} onCode={(code) => void logIn(code)} onAnother={() => setSentTo(null)} />
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </section>
  )
}

function CodeForm({
  sentTo,
  busy,
  onCode,
  onAnother,
}: {
  readonly sentTo: string
  readonly busy: boolean
  readonly onCode: (code: string) => void
  readonly onAnother: () => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const demoCode = useDemoCode(sentTo)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => input.current?.focus(), [])
  const whole = /^[0-9]{6}$/.test(code)
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (whole && !busy) onCode(code)
      }}
    >
      <p role="status">{t('login.sent', { to: sentTo })}</p>
      {demoCode !== null && (
        <p className="notice row spread">
          <span>
            {t('login.demo_code')} <strong className="number">{demoCode}</strong>
          </span>
          <button type="button" className="button" onClick={() => setCode(demoCode)}>
            {t('login.use_demo_code')}
          </button>
        </p>
      )}
      <div className="field">
        <label htmlFor={id}>{t('login.code')}</label>
        <input
          id={id}
          ref={input}
          className="number code"
          value={code}
          onChange={(event) => setCode(event.target.value.replace(/\D/g, '').slice(0, 6))}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      </div>
      <button type="submit" className="button main wide" disabled={!whole || busy}>
        {t('login.log_in')}
      </button>
      <button type="button" className="button quiet" onClick={onAnother}>
        {t('login.another')}
      </button>
    </form>
  )
}

const demoLookEveryMs = 1_500

/** In the demo nothing is sent anywhere: the code is read from its outbox, and said to be so. */
function useDemoCode(to: string): string | null {
  const { api, config } = useRider()
  const [code, setCode] = useState<string | null>(null)
  useEffect(() => {
    if (config?.demo !== true) return
    const look = () =>
      void api.get<Static<typeof DemoOutbox>>(`/demo/outbox?to=${encodeURIComponent(to)}`).then((answer) => {
        if (answer.kind !== 'ok') return
        const newest = [...answer.value.messages].sort((a, b) => b.sentAtMs - a.sentAtMs)[0]
        if (newest !== undefined) setCode(newest.code)
      })
    look()
    const timer = setInterval(look, demoLookEveryMs)
    return () => clearInterval(timer)
  }, [api, config, to])
  return code
}

/** A phone number as E.164 without its spaces, or a mail address; null while it is neither. */
function addressOf(text: string): string | null {
  const plain = text.trim()
  const phone = plain.replace(/[\s()-]/g, '').replace(/^00/, '+')
  if (/^\+[1-9][0-9]{6,14}$/.test(phone)) return phone
  return /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,24}$/.test(plain) ? plain : null
}
