import type { Theme } from '../../ui-kit/theme.ts'

/** How a van's way is drawn. Its number is written on it too: colour and dashes only help the eye. */
export interface VanLook {
  readonly colour: string
  /** What is written on the colour. */
  readonly ink: string
  /** Lengths of stroke and gap in pixels; empty: a whole line. */
  readonly dash: readonly number[]
}

/** Each at least 3:1 on the basemap of its theme, and told apart by people who see no red or no green. */
const colours: readonly (readonly [light: string, dark: string])[] = [
  ['#1d4ed8', '#8fb4ff'],
  ['#b03a06', '#ffb27a'],
  ['#6d28d9', '#c9b1ff'],
  ['#0b6b74', '#67e3f0'],
  ['#a8105f', '#f9a0d0'],
  ['#47610a', '#c4e26b'],
  ['#334155', '#cbd5e1'],
  ['#7a4a00', '#f2cf77'],
]
const dashes: readonly (readonly number[])[] = [[], [10, 5], [3, 5], [14, 4, 3, 4]]

/** By place in the plan; with more than eight vans colours come again with other dashes. */
export function vanLook(van: number, theme: Theme): VanLook {
  const pair = colours[van % colours.length] ?? ['#1d4ed8', '#8fb4ff']
  const dash = dashes[(van + Math.floor(van / colours.length)) % dashes.length] ?? []
  return { colour: pair[theme === 'light' ? 0 : 1], ink: theme === 'light' ? '#ffffff' : '#0b100f', dash }
}
