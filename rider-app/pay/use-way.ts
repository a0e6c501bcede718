import { useState } from 'react'
import type { PaymentMethods, WayToPay } from '../../contracts/http/payments.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useRider } from '../rider-state.ts'

export interface Way {
  readonly provider: 'alipay'
  /** As riders know it. */
  readonly name: string
  readonly way: WayToPay
}

export interface Ways {
  /** Null while they are not known. */
  readonly ways: readonly Way[] | null
  readonly chosen: Way | null
  readonly choose: (way: Way) => void
  /** Why they are not known. */
  readonly refused: Refused | null
  readonly again: () => void
}

/** Kept on this device and nowhere else: which way fits depends on the device, not on the rider. */
const storageKey = 'zwerm-way-to-pay'

/** The ways to pay that are switched on, and the one that this rider took last here, or else the one that fits. */
export function useWay(): Ways {
  const { api } = useRider()
  const answer = useAnswer<PaymentMethods>('payment-methods', () => api.get('/v1/payment-methods'))
  const [mine, setMine] = useState(() => localStorage.getItem(storageKey))
  const ways = answer.value === null ? null : waysOf(answer.value)
  const chosen = ways === null ? null : (ways.find((way) => nameOf(way) === mine) ?? fitting(ways))
  const choose = (way: Way) => {
    localStorage.setItem(storageKey, nameOf(way))
    setMine(nameOf(way))
  }
  return { ways, chosen, choose, refused: ways === null ? answer.refused : null, again: answer.again }
}

export const nameOf = ({ provider, way }: Way): string => `${provider}:${way}`

const waysOf = ({ methods }: PaymentMethods): readonly Way[] =>
  methods.flatMap(({ provider, name, ways }) =>
    provider === 'alipay' ? ways.map((way) => ({ provider, name, way }) as const) : [],
  )

/** On a phone the page, which leads to the app where there is one; a desktop shows a code to the phone that pays. */
function fitting(ways: readonly Way[]): Way | null {
  const wanted: WayToPay = matchMedia('(pointer: coarse)').matches ? 'page' : 'qr'
  return ways.find(({ way }) => way === wanted) ?? ways[0] ?? null
}
