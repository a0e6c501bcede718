import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useText } from '../ui-kit/i18n/text.ts'

/** A panel from the bottom edge, where the thumb is. Escape, the back gesture and its own button close it. */
export function Sheet({
  title,
  onClose,
  children,
  full = false,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly full?: boolean
}) {
  const { t } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className={full ? 'sheet full' : 'sheet'} aria-labelledby={id} onClose={onClose}>
      <header className="row spread">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>
          {t('crew.close')}
        </button>
      </header>
      {children}
    </dialog>
  )
}
