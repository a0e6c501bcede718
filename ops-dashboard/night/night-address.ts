/** What is open on the plan's page, as it stands in the address: it can be sent to a colleague, and "back" undoes it. */
export interface NightView {
  /** Null: the plan of the newest night. */
  readonly planId: string | null
  readonly tab: NightTab
  readonly at: Selection | null
}

export const nightTabs = ['vans', 'moves', 'left', 'changes'] as const
export type NightTab = (typeof nightTabs)[number]

export type Selection =
  | { readonly kind: 'van'; readonly vanId: string }
  /** `stop` counts from 0 in driving order. */
  | { readonly kind: 'stop'; readonly vanId: string; readonly stop: number }
  | { readonly kind: 'place'; readonly placeId: string }
  | { readonly kind: 'new_van' }

/** `?plan=…&tab=moves&at=stop:van-1:3`; what does not fit is left out. */
export function readNightView(search: string): NightView {
  const parameters = new URLSearchParams(search)
  const tab = nightTabs.find((name) => name === parameters.get('tab'))
  return { planId: parameters.get('plan'), tab: tab ?? 'vans', at: selectionOf(parameters.get('at')) }
}

export function writeNightView({ planId, tab, at }: NightView): string {
  const parameters = new URLSearchParams()
  if (planId !== null) parameters.set('plan', planId)
  if (tab !== 'vans') parameters.set('tab', tab)
  if (at !== null) parameters.set('at', textOf(at))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

function selectionOf(text: string | null): Selection | null {
  if (text === null) return null
  if (text === 'new-van') return { kind: 'new_van' }
  const [, kind, rest = ''] = /^(van|stop|place):(.+)$/.exec(text) ?? []
  if (kind === 'van') return { kind, vanId: rest }
  if (kind === 'place') return { kind, placeId: rest }
  const [, vanId, stop] = /^([a-z0-9-]+):(\d{1,3})$/.exec(rest) ?? []
  return vanId === undefined ? null : { kind: 'stop', vanId, stop: Number(stop) }
}

function textOf(at: Selection): string {
  switch (at.kind) {
    case 'van':
      return `van:${at.vanId}`
    case 'stop':
      return `stop:${at.vanId}:${at.stop}`
    case 'place':
      return `place:${at.placeId}`
    case 'new_van':
      return 'new-van'
  }
}
