import { useCallback, useEffect, useRef, useState } from 'react'
import type { PlanView } from '../../contracts/http/nights.ts'

/** Tells when a plan changed by somebody else's hand, or by the night itself once crews drive it. */
export function useOthersChanges(plan: PlanView) {
  const known = useRef(plan.revision)
  const [notice, setNotice] = useState<'edited' | 'replanned' | null>(null)
  const own = useCallback((revision: number) => {
    known.current = Math.max(known.current, revision)
  }, [])
  useEffect(() => {
    if (plan.revision <= known.current) return
    known.current = plan.revision
    setNotice(plan.state === 'published' ? 'replanned' : 'edited')
  }, [plan])
  return { notice, own, dismiss: useCallback(() => setNotice(null), []) }
}
