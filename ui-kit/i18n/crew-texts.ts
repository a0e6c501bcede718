import type { AppTexts } from './text.ts'

/** The crew's texts: all at once, for an evening without a network. */
export const crewTexts = {
  first: [
    {
      en: () => import('./en/shared.json'),
      nl: () => import('./nl/shared.json'),
      zh: () => import('./zh/shared.json'),
    },
    {
      en: () => import('./en/refused.json'),
      nl: () => import('./nl/refused.json'),
      zh: () => import('./zh/refused.json'),
    },
    {
      en: () => import('./en/refused-staff.json'),
      nl: () => import('./nl/refused-staff.json'),
      zh: () => import('./zh/refused-staff.json'),
    },
    {
      en: () => import('./en/crew.json'),
      nl: () => import('./nl/crew.json'),
      zh: () => import('./zh/crew.json'),
    },
  ],
  late: {},
} as const satisfies AppTexts
