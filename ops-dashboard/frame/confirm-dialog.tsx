import { useModal } from './use-modal.ts'
import './confirm-dialog.css'
import type { ReactNode } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/** Asks before something that others will feel. The browser's own dialog keeps the focus and knows Escape. */
export function ConfirmDialog({
  title,
  confirm,
  isBusy = false,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string
  readonly confirm: string
  readonly isBusy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const { t } = useText()
  const box = useModal()
  return (
    <dialog ref={box} className="confirm" aria-labelledby="confirm-title" onClose={onClose}>
      <div className="stack">
        <h2 id="confirm-title">{title}</h2>
        {children}
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {t('ops.cancel')}
          </button>
          <button type="button" className="button main" disabled={isBusy} onClick={onConfirm}>
            {confirm}
          </button>
        </div>
      </div>
    </dialog>
  )
}
