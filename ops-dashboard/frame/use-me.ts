import { useQuery } from '@tanstack/react-query'
import type { Me } from '../../contracts/http/account.ts'
import type { Permission } from '../../contracts/permissions.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'

const path = '/v1/staff/me'
/** Roles change seldom, and the server asks again at every request. */
const freshForMs = 60_000

/** Who is logged in; null until that is known, and for nobody. Every page shares one answer. */
export function useMe(): Me | null {
  const asked = useQuery<Me, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<Me>(opsApi.get<Me>(path)),
    staleTime: freshForMs,
  })
  return asked.data ?? null
}

/** Whether to offer an act; the server decides. */
export const mayI = (me: Me | null, permission: Permission): boolean => me?.permissions.includes(permission) ?? false
