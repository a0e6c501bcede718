import './confirm-dialog.css'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'

const shortestReason = 3
const longestReason = 200

/**
 * Asks why before something that is written down with the person's name. The browser's own dialog keeps the focus and
 * knows Escape; the reason (3 to 200 characters) has the focus first. A refusal stays readable in the question.
 * @param onConfirm does it; null: done, the dialog asks to be closed   @param children further fields, above the reason
 */
export function ReasonDialog({
  title,
  what,
  confirm,
  isDanger = false,
  reasonLabel,
  children,
  onConfirm,
  onClose,
}: {
  readonly title: string
  readonly what: string
  readonly confirm: string
  readonly isDanger?: boolean
  readonly reasonLabel?: string
  readonly children?: ReactNode
  readonly onConfirm: (reason: string) => Promise<Refused | null>
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const [reason, setReason] = useState('')
  const [isShort, setShort] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const { box, field } = useModal()
  const told = reason.trim()

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    if (told.length < shortestReason) {
      setShort(true)
      field.current?.focus()
      return
    }
    setBusy(true)
    setRefused(null)
    const answer = await onConfirm(told)
    setBusy(false)
    if (answer === null) onClose()
    else setRefused(answer)
  }
  return (
    <dialog
      ref={box}
      className="confirm"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-what`}
      onClose={onClose}
    >
      <form className="stack" noValidate onSubmit={(event) => void send(event)}>
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-what`}>{what}</p>
        {children}
        <div className="field">
          <label htmlFor={`${id}-reason`}>{reasonLabel ?? t('ops.reason')}</label>
          <textarea
            ref={field}
            id={`${id}-reason`}
            rows={2}
            maxLength={longestReason}
            value={reason}
            aria-required="true"
            aria-invalid={isShort}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setReason(event.target.value)
              if (event.target.value.trim().length >= shortestReason) setShort(false)
            }}
          />
          <p id={`${id}-hint`} className={isShort ? 'wrong' : 'hint'} role={isShort ? 'alert' : undefined}>
            {isShort ? t('ops.reason_short', { count: shortestReason }) : t('ops.reason_hint')}
          </p>
        </div>
        {refused !== null && <RefusalNotice refused={refused} />}
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {t('ops.cancel')}
          </button>
          <button type="submit" className={isDanger ? 'button main danger' : 'button main'} disabled={isBusy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** Opens the dialog as a modal one and puts the focus on its question, not on whatever comes first in it. */
function useModal() {
  const box = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    field.current?.focus()
    return () => dialog?.close()
  }, [])
  return { box, field }
}
