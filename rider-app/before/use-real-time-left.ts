import { useEffect, useMemo, useState } from 'react'
import type { ReservationView } from '../../contracts/http/reservations.ts'

const tickMs = 1_000

/** Milliseconds of real time that a reservation still has, counted down on this screen since the server's last word. */
export function useRealTimeLeft(reservation: ReservationView, onOver: () => void): number {
  const endsAtMs = useMemo(() => performance.now() + reservation.realSecondsLeft * 1_000, [reservation])
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  const leftMs = Math.max(0, endsAtMs - nowMs)
  const isOver = reservation.state === 'open' && leftMs === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once
  useEffect(() => {
    if (isOver) onOver()
  }, [isOver])
  return leftMs
}
