import { useEffect } from 'react'

/** Asks before unsaved changes are left behind, by a link of the page or by closing it. */
export function useUnsavedWarning(isUnsaved: boolean, question: string): void {
  useEffect(() => {
    if (!isUnsaved) return
    const leaving = (event: BeforeUnloadEvent) => event.preventDefault()
    const following = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]:not([href^="#"])') : null
      if (link === null || confirm(question)) return
      event.preventDefault()
      event.stopPropagation()
    }
    addEventListener('beforeunload', leaving)
    document.addEventListener('click', following, true)
    return () => {
      removeEventListener('beforeunload', leaving)
      document.removeEventListener('click', following, true)
    }
  }, [isUnsaved, question])
}
