import { lateScreen } from '../late-screen.ts'

/** The legend comes with its texts after the map: none of it is in the first load. */
export const LateZoneLegend = lateScreen(async () => (await import('./zone-legend.tsx')).ZoneLegend, 'parking')
