import { inPages, type PersonalData } from '../platform/personal-data.ts'
import { grantsOfRider } from './grant-store.ts'

/** When a rider's phone opened a bike. The rows know the ride only: who rode it is forgotten with the ride. */
export const personalDataOfNoCoverage: PersonalData = {
  export: async (db, riderId) => ({
    phoneUnlocks: (await inPages((offset, limit) => grantsOfRider(db, riderId, offset, limit))).map(
      ({ askedAt, state, tripId }) => ({ askedAt: new Date(askedAt).toISOString(), outcome: state, tripId }),
    ),
  }),
  forget: async () => 0,
}
