import { type ComponentType, lazy } from 'react'
import { addTexts, type LatePart } from '../ui-kit/i18n/text.ts'

/** A screen that comes with its texts when it is first opened: neither is in the first load. */
export const lateScreen = <P>(screen: () => Promise<ComponentType<P>>, ...texts: readonly LatePart[]) =>
  lazy(async () => {
    const [component] = await Promise.all([screen(), ...texts.map((part) => addTexts(part))])
    return { default: component }
  })
