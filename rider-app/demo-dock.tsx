import { useLocation } from 'wouter'
import { VirtualBikePanel } from '../ui-kit/demo/virtual-bike-panel.tsx'
import { useRider } from './rider-state.ts'

/** Stands in for the bike in the hand: the one that the page is about, or the nearest ones to walk to. */
export function DemoDock() {
  const { api, config, inHand } = useRider()
  const [, navigate] = useLocation()
  if (config === null) return null
  return <VirtualBikePanel api={api} centre={config.centre} number={inHand} onTake={(code) => navigate(`/b/${code}`)} />
}
