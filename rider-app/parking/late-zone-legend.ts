import { latePart } from '../late-part.tsx'

/** The legend comes with its texts after the map: none of it is in the first load. */
export const LateZoneLegend = latePart(async () => (await import('./zone-legend.tsx')).ZoneLegend, ['parking'])
