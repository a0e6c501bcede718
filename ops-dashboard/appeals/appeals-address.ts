export const appealViews = ['open', 'decided'] as const
export type AppealViewName = (typeof appealViews)[number]

/** Anything unknown in an address is as if it were not there. */
export function readAppealView(search: string): AppealViewName {
  const state = new URLSearchParams(search).get('state')
  return appealViews.find((one) => one === state) ?? 'open'
}

/** Of the list, or of one appeal beside it; the usual view is not told. */
export const appealsAddress = (view: AppealViewName, appealId: string | null = null): string =>
  `/appeals${appealId === null ? '' : `/${appealId}`}${view === 'open' ? '' : `?state=${view}`}`
