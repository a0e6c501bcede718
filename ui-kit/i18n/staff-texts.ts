import type { AppTexts } from './text.ts'

/** What every page of those who work here says. */
export const staffTexts = [
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
] as const satisfies AppTexts['first']
