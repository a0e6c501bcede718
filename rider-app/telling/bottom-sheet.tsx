import './telling.css'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/**
 * A question over the page: from the bottom on a phone, in the middle on a desktop. The browser's own dialog keeps the
 * focus, knows Escape, and gives the focus back. Its title has it first: a keyboard would cover what is asked.
 */
export function BottomSheet({
  title,
  above,
  children,
  onClose,
}: {
  readonly title: string
  readonly above?: string
  readonly children: ReactNode
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const box = useRef<HTMLDialogElement>(null)
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    head.current?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={box} className="bottom-sheet" aria-labelledby={id} onClose={onClose}>
      <div className="row spread sheet-head">
        <div>
          {above !== undefined && <p className="small soft number">{above}</p>}
          <h2 id={id} ref={head} tabIndex={-1}>
            {title}
          </h2>
        </div>
        <button type="button" className="button quiet sheet-close" onClick={() => box.current?.close()}>
          {t('telling.close')}
        </button>
      </div>
      {children}
    </dialog>
  )
}
