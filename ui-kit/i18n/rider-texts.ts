import type { AppTexts } from './text.ts'

/** The rider's texts. What a home page cannot say is late: the first load has 80 KB. */
export const riderTexts = {
  first: [
    {
      en: () => import('./en/shared.json'),
      nl: () => import('./nl/shared.json'),
      zh: () => import('./zh/shared.json'),
    },
    {
      en: () => import('./en/rider.json'),
      nl: () => import('./nl/rider.json'),
      zh: () => import('./zh/rider.json'),
    },
  ],
  late: {
    refused: {
      en: () => import('./en/refused.json'),
      nl: () => import('./nl/refused.json'),
      zh: () => import('./zh/refused.json'),
    },
    taking: {
      en: () => import('./en/taking.json'),
      nl: () => import('./nl/taking.json'),
      zh: () => import('./zh/taking.json'),
    },
    riding: {
      en: () => import('./en/riding.json'),
      nl: () => import('./nl/riding.json'),
      zh: () => import('./zh/riding.json'),
    },
    mine: {
      en: () => import('./en/mine.json'),
      nl: () => import('./nl/mine.json'),
      zh: () => import('./zh/mine.json'),
    },
    virtual: {
      en: () => import('./en/virtual.json'),
      nl: () => import('./nl/virtual.json'),
      zh: () => import('./zh/virtual.json'),
    },
    before: {
      en: () => import('./en/before.json'),
      nl: () => import('./nl/before.json'),
      zh: () => import('./zh/before.json'),
    },
    parking: {
      en: () => import('./en/parking.json'),
      nl: () => import('./nl/parking.json'),
      zh: () => import('./zh/parking.json'),
    },
    telling: {
      en: () => import('./en/telling.json'),
      nl: () => import('./nl/telling.json'),
      zh: () => import('./zh/telling.json'),
    },
    appeals: {
      en: () => import('./en/appeals.json'),
      nl: () => import('./nl/appeals.json'),
      zh: () => import('./zh/appeals.json'),
    },
  },
} as const satisfies AppTexts
