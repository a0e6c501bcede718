import { type RefObject, useEffect, useRef } from 'react'

/** A dialog that is modal as long as it is drawn: the browser's own keeps the focus and knows Escape. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return box
}
