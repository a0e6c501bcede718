import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Static } from 'typebox'
import type { DemoOutbox } from '../../contracts/http/demo.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useRider } from '../rider-state.ts'

/** The code that was sent to the rider's own address, typed in: a found phone alone does not get through here. */
export function OwnCode(props: {
  /** What was sent, and why. */
  readonly told: string
  readonly label: string
  readonly button: string
  readonly isDanger?: boolean
  readonly busy: boolean
  readonly onCode: (code: string) => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const demoCode = useDemoCode()
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => input.current?.focus(), [])
  const isWhole = /^[0-9]{6}$/.test(code)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isWhole && !props.busy) props.onCode(code)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p role="status">{props.told}</p>
      {demoCode !== null && (
        <p className="notice row spread">
          <span>
            {t('data.code_demo')} <strong className="number">{demoCode}</strong>
          </span>
          <button type="button" className="button" onClick={() => setCode(demoCode)}>
            {t('data.code_fill')}
          </button>
        </p>
      )}
      <div className="field">
        <label htmlFor={id}>{props.label}</label>
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
      <button
        type="submit"
        className={props.isDanger ? 'button danger main wide' : 'button main wide'}
        disabled={!isWhole || props.busy}
      >
        {props.button}
      </button>
    </form>
  )
}

/** In the demo nothing is sent anywhere: the code is read from its outbox, and said to be so. */
function useDemoCode(): string | null {
  const { api, config } = useRider()
  const [code, setCode] = useState<string | null>(null)
  const isDemo = config?.demo === true
  useEffect(() => {
    if (!isDemo) return
    void api.get<Static<typeof DemoOutbox>>('/demo/outbox/mine').then((answer) => {
      if (answer.kind === 'ok') setCode(answer.value.messages[0]?.code ?? null)
    })
  }, [api, isDemo])
  return code
}
