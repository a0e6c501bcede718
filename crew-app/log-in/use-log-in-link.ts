import { useEffect, useState } from 'react'
import type { FailureCode } from '../../ui-kit/api/api-client.ts'
import { useNight } from '../night/use-night.ts'

export type LinkState =
  | { readonly kind: 'none' }
  | { readonly kind: 'exchanging' }
  | { readonly kind: 'refused'; readonly code: FailureCode }

const linkInAddress = () => new URLSearchParams(location.search).get('link')

/**
 * Exchanges a one-time link for the cookie. It leaves the address once the server has judged it: with no signal the
 * same link can be opened again by a reload.
 */
export function useLogInLink(): LinkState {
  const { logIn } = useNight()
  const [state, setState] = useState<LinkState>(() => ({ kind: linkInAddress() === null ? 'none' : 'exchanging' }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is used once
  useEffect(() => {
    const link = linkInAddress()
    if (link === null) return
    void logIn(link).then((answer) => {
      const judged = answer.kind === 'ok' || !['offline', 'timeout', 'unreachable'].includes(answer.code)
      if (judged) history.replaceState(null, '', location.pathname)
      setState(answer.kind === 'ok' ? { kind: 'none' } : { kind: 'refused', code: answer.code })
    })
  }, [])
  return state
}
