import { staffTexts } from './staff-texts.ts'
import type { AppTexts } from './text.ts'

/** The crew's texts: all at once, for an evening without a network. */
export const crewTexts = {
  first: [
    ...staffTexts,
    {
      en: () => import('./en/crew.json'),
      nl: () => import('./nl/crew.json'),
      zh: () => import('./zh/crew.json'),
    },
  ],
  late: {},
} as const satisfies AppTexts
