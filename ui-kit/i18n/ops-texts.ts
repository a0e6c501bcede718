import { staffTexts } from './staff-texts.ts'
import type { AppTexts } from './text.ts'

/** The desk's texts. */
export const opsTexts = {
  first: [
    ...staffTexts,
    {
      en: () => import('./en/ops.json'),
      nl: () => import('./nl/ops.json'),
      zh: () => import('./zh/ops.json'),
    },
  ],
  late: {
    night: {
      en: () => import('./en/night.json'),
      nl: () => import('./nl/night.json'),
      zh: () => import('./zh/night.json'),
    },
    desk: {
      en: () => import('./en/desk.json'),
      nl: () => import('./nl/desk.json'),
      zh: () => import('./zh/desk.json'),
    },
    alarms: {
      en: () => import('./en/alarms.json'),
      nl: () => import('./nl/alarms.json'),
      zh: () => import('./zh/alarms.json'),
    },
    bikes: {
      en: () => import('./en/bikes.json'),
      nl: () => import('./nl/bikes.json'),
      zh: () => import('./zh/bikes.json'),
    },
    trips: {
      en: () => import('./en/trips.json'),
      nl: () => import('./nl/trips.json'),
      zh: () => import('./zh/trips.json'),
    },
    zones: {
      en: () => import('./en/zones.json'),
      nl: () => import('./nl/zones.json'),
      zh: () => import('./zh/zones.json'),
    },
    numbers: {
      en: () => import('./en/numbers.json'),
      nl: () => import('./nl/numbers.json'),
      zh: () => import('./zh/numbers.json'),
    },
    staff: {
      en: () => import('./en/staff.json'),
      nl: () => import('./nl/staff.json'),
      zh: () => import('./zh/staff.json'),
    },
    demo: {
      en: () => import('./en/demo.json'),
      nl: () => import('./nl/demo.json'),
      zh: () => import('./zh/demo.json'),
    },
    work: {
      en: () => import('./en/work.json'),
      nl: () => import('./nl/work.json'),
      zh: () => import('./zh/work.json'),
    },
    locks: {
      en: () => import('./en/locks.json'),
      nl: () => import('./nl/locks.json'),
      zh: () => import('./zh/locks.json'),
    },
    appeals: {
      en: () => import('./en/appeals.json'),
      nl: () => import('./nl/appeals.json'),
      zh: () => import('./zh/appeals.json'),
    },
  },
} as const satisfies AppTexts
