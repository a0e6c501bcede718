import { lateScreen } from '../late-screen.ts'

/** Parts of a ride's page that most rides never open, or that need the map. */
export const LateRideMap = lateScreen(async () => (await import('./ride-map.tsx')).RideMap, 'parking')
export const LateReportSheet = lateScreen(
  async () => (await import('../telling/report-sheet.tsx')).ReportSheet,
  'telling',
)
export const LateNearAnother = lateScreen(
  async () => (await import('../before/near-another.tsx')).NearAnother,
  'before',
)
export const LateRing = lateScreen(async () => (await import('../before/ring-button.tsx')).RingButton, 'before')
