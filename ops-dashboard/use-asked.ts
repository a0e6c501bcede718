import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Answer, Refused } from '../ui-kit/api/api-client.ts'
import { opsApi, valueOrThrow } from './ops-api.ts'

export type AskFault = Error & { readonly refused?: Refused }

/**
 * One thing of the server's for a page. Who is not logged in is sent to the log-in.
 * @param every ms until it is asked again, as a function of what is known; false: never
 */
export function useAsked<T>(
  path: string | null,
  onRefused: (refused: Refused) => void,
  every: number | false | ((value: T | undefined) => number | false) = false,
): UseQueryResult<T, AskFault> {
  const asked = useQuery<T, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<T>(opsApi.get<T>(path as string) as Promise<Answer<T>>),
    enabled: path !== null,
    refetchInterval: typeof every === 'function' ? (query) => every(query.state.data) : every,
  })
  const code = asked.error?.refused?.code
  useEffect(() => {
    if (code === 'log_in_first' || code === 'session_ended') onRefused({ kind: 'refused', code })
  }, [code, onRefused])
  return asked
}

/** What a query failed with, as a notice wants it. */
export const refusedOf = (fault: AskFault | null): Refused =>
  fault?.refused ?? { kind: 'refused', code: 'server_fault' }
