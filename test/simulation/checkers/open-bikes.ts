import { type Checker, violation } from './evidence.ts'

/** No bolt is truly open without somebody who rides, or staff who know. */
export const noBikeOpenUnseen: Checker = ({ locks, trips, alarmed }) => {
  const ridden = new Set(trips.filter(({ state }) => isActive.has(state)).map((trip) => trip.lock_id))
  return locks
    .filter(({ lockId, position }) => position === 'open' && !ridden.has(lockId) && !alarmed.has(lockId))
    .map(({ lockId }) => violation('no-bike-open-unseen', lockId))
}

/** What the platform believes of a lock that can be reached is so. */
export const beliefsAreTrue: Checker = ({ locks }) =>
  locks.flatMap(({ lockId, position, isConnected, believedBolt, believedConnected }) => [
    ...(truth[position].includes(believedBolt ?? '')
      ? []
      : [violation('bolt-is-as-believed', `${lockId} is ${position}, believed ${believedBolt}`)]),
    ...(isConnected === believedConnected
      ? []
      : [violation('presence-is-as-believed', `${lockId} is ${isConnected ? 'on' : 'off'}line`)]),
  ])

const isActive: ReadonlySet<string> = new Set(['promised', 'unlocking', 'riding', 'paused', 'ending'])
/** What was tried last in vain is the name of the state, wherever the bolt then is. */
const truth = { closed: ['locked', 'jam_open'], open: ['unlocked'], between: ['jam_open', 'jam_close', 'unknown'] }
