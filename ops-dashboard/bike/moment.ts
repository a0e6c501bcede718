import { cityZone } from '../../ui-kit/city-zone.ts'

/** Time of day with seconds, in the city's zone: locks answer within them. */
export const formatSecond = (language: string, epochMs: number): string =>
  new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: cityZone(),
  }).format(epochMs)
