import { personalDataOfAppeals } from './appeals/personal-data.ts'
import { personalDataOfNoCoverage } from './no-coverage/personal-data.ts'
import { personalDataOfPayments } from './payments/personal-data.ts'
import { personalDataOfPhotos } from './photos/personal-data.ts'
import type { RiderPhotos } from './photos/rider-photos.ts'
import type { PersonalData } from './platform/personal-data.ts'
import { personalDataOfReservations } from './reservations/personal-data.ts'
import type { Reservations } from './reservations/reservations-service.ts'
import { personalDataOfRiders } from './riders/personal-data.ts'
import type { AddressBook } from './riders/sealed-address.ts'
import { personalDataOfReports } from './tasks/personal-data.ts'
import { personalDataOfTrips } from './trips/personal-data.ts'

/**
 * Every room that keeps something of a rider; `test/integration/my-data.test.ts` looks into each column of each table for
 * one that was left out. Reservations go before the rides that they point at.
 */
export const personalRooms = (given: {
  readonly addresses: Pick<AddressBook, 'open'>
  readonly reservations: Pick<Reservations, 'riderLeaves'>
  readonly photos: Pick<RiderPhotos, 'photosOf' | 'forgetPhotosOf'>
}): readonly PersonalData[] => [
  personalDataOfRiders(given.addresses),
  personalDataOfReservations(given.reservations),
  personalDataOfTrips,
  personalDataOfNoCoverage,
  personalDataOfPayments,
  personalDataOfPhotos(given.photos),
  personalDataOfReports,
  personalDataOfAppeals,
]
