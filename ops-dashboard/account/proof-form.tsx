import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Me } from '../../contracts/http/account.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { CodeField } from './code-field.tsx'
import { PasswordField } from './password-field.tsx'

/** Password and code for what weakens an account; posts them to `path`. */
export function ProofForm<T>({
  me,
  path,
  what,
  confirm,
  onDone,
  onClose,
}: {
  readonly me: Me
  readonly path: string
  readonly what: string
  readonly confirm: string
  readonly onDone: (value: T) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setRefused(null)
    const body = me.hasPassword ? { password, code: code.trim() } : { code: code.trim() }
    const answer = await opsApi.send<T>(path, { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else onDone(answer.value)
  }
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <p>{what}</p>
      {me.hasPassword && (
        <PasswordField
          label={t('staff.password_now')}
          autoComplete="current-password"
          field={first}
          value={password}
          onChange={setPassword}
        />
      )}
      <CodeField
        label={t('staff.code_now')}
        takesRecoveryCode
        {...(me.hasPassword ? {} : { field: first })}
        value={code}
        onChange={setCode}
      />
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row wrap">
        <button type="submit" className="button main" disabled={isBusy}>
          {confirm}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('ops.cancel')}
        </button>
      </div>
    </form>
  )
}
