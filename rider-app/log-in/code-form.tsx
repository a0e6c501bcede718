import { useEffect, useId, useRef, useState } from 'react'
import type { Static } from 'typebox'
import type { DemoOutbox } from '../../contracts/http/demo.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'

const codeDigits = 6

/** The code as it came: typed, pasted whole, or filled in by the phone. At its last digit the page goes on by itself. */
export function CodeForm({
  sent,
  busy,
  refused,
  onCode,
  onAgain,
  onAnother,
}: {
  readonly sent: { readonly to: string; readonly again: number; readonly freeAtMs: number }
  readonly busy: boolean
  readonly refused: Refused | null
  readonly onCode: (code: string) => void
  readonly onAgain: () => void
  readonly onAnother: () => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const demoCode = useDemoCode(sent.to)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const waitS = useSecondsUntil(sent.freeAtMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new code begins with an empty field
  useEffect(() => {
    setCode('')
    input.current?.focus()
  }, [sent.again])
  useEffect(() => {
    if (refused === null) return
    input.current?.focus()
    input.current?.select()
  }, [refused])
  const isWhole = code.length === codeDigits
  const take = (text: string) => {
    const digits = text.replace(/\D/g, '').slice(0, codeDigits)
    setCode(digits)
    if (digits.length === codeDigits && digits !== code && !busy) onCode(digits)
  }
  const isWrong = refused?.code === 'code_wrong' || refused?.code === 'code_expired'
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole && !busy) onCode(code)
      }}
    >
      <p role="status">{sent.again === 0 ? t('login.sent', { to: sent.to }) : t('login.sent_again')}</p>
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
          onChange={(event) => take(event.target.value)}
          inputMode="numeric"
          pattern="[0-9]*"
          autoComplete="one-time-code"
          aria-invalid={isWrong}
          aria-describedby={`${id}-help`}
        />
        <p id={`${id}-help`} className="hint">
          {t('login.code_hint')}
        </p>
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
      <button type="submit" className="button main wide" disabled={!isWhole || busy}>
        {t('login.log_in')}
      </button>
      <div className="row spread login-more">
        <button type="button" className="button quiet" onClick={onAgain} disabled={busy || waitS > 0}>
          {waitS > 0 ? t('login.again_in', { seconds: waitS }) : t('login.again')}
        </button>
        <button type="button" className="button quiet" onClick={onAnother}>
          {t('login.another')}
        </button>
      </div>
    </form>
  )
}

const tickMs = 500

/** Whole seconds until a moment of the page's own clock; 0 from then on. */
function useSecondsUntil(atMs: number): number {
  const left = () => Math.max(0, Math.ceil((atMs - performance.now()) / 1_000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const look = () => {
      const now = Math.max(0, Math.ceil((atMs - performance.now()) / 1_000))
      setSeconds(now)
      if (now === 0) clearInterval(timer)
    }
    const timer = setInterval(look, tickMs)
    look()
    return () => clearInterval(timer)
  }, [atMs])
  return seconds
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
