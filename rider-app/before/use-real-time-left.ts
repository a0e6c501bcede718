import { useEffect, useState } from 'react'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { useRider } from '../rider-state.ts'

const tickMs = 1_000

/** Milliseconds of real time that the rider's reservation still has, counted down since the server's last word. */
export function useRealTimeLeft(reservation: ReservationView, onOver: () => void): number {
  const { meAtMs } = useRider()
  const wholeMs = reservation.realSecondsLeft * 1_000
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  // the wall clock also counts while the phone sleeps; nobody has more than was told
  const leftMs = Math.min(wholeMs, Math.max(0, meAtMs + wholeMs - nowMs))
  const isOver = reservation.state === 'open' && leftMs === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once
  useEffect(() => {
    if (isOver) onOver()
  }, [isOver])
  return leftMs
}
