import type { AppTexts } from './text.ts'

/** One file a language: with one for each part the first load would carry the names of 27 files. */
const screens = {
  en: async () => ({ default: (await import('./rider-screens/en.ts')).words }),
  nl: async () => ({ default: (await import('./rider-screens/nl.ts')).words }),
  zh: async () => ({ default: (await import('./rider-screens/zh.ts')).words }),
}

/** The rider's texts. What the home page does not say is late: the first load has 80 KB. */
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
    refused: screens,
    taking: screens,
    riding: screens,
    mine: screens,
    virtual: screens,
    before: screens,
    parking: screens,
    telling: screens,
    appeals: screens,
    frame: screens,
    'no-coverage': screens,
  },
} as const satisfies AppTexts
