import { latePart } from '../late-part.tsx'

/** Parts of a ride's page that most rides never open, or that need the map. */
export const LateRideMap = latePart(
  async () => (await import('./ride-map.tsx')).RideMap,
  ['parking'],
  <div className="ride-map" />,
)
export const LateReportSheet = latePart(
  async () => (await import('../telling/report-sheet.tsx')).ReportSheet,
  ['telling'],
)
export const LateNearAnother = latePart(
  async () => (await import('../before/near-another.tsx')).NearAnother,
  ['before'],
)
export const LateRing = latePart(async () => (await import('../before/ring-button.tsx')).RingButton, ['before'])
export const LatePhoneUnlock = latePart(
  async () => (await import('../no-coverage/phone-unlock.tsx')).PhoneUnlock,
  ['no-coverage'],
)
export const LatePhoneOver = latePart(
  async () => (await import('../no-coverage/phone-over.tsx')).PhoneOver,
  ['no-coverage'],
)
export const LatePhoneRide = latePart(
  async () => (await import('../no-coverage/phone-ride.tsx')).PhoneRide,
  ['no-coverage'],
)
