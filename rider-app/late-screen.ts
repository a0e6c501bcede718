import { type ComponentType, lazy } from 'react'
import { addTexts, type LatePart } from '../ui-kit/i18n/text.ts'

/** A screen that comes with its texts and those of all refusals when it is first opened: none is in the first load. */
export const lateScreen = <P>(screen: () => Promise<ComponentType<P>>, ...texts: readonly LatePart[]) =>
  lazy(async () => {
    const parts = ['refused', ...texts] as const
    const [component] = await Promise.all([screen(), ...parts.map((part) => addTexts(part))])
    return { default: component }
  })
